import type { Visitor as CoreVisitor } from '../../core/visitor.ts';
import type { Why } from '../contract.ts';
import { hintsFor } from '../hints.ts';
import type { WhyStatus } from '../ports.ts';
import { mapApp, mapFailure } from './app.ts';
import { mapColdStart } from './detail.ts';
import { nullableInstant } from './instant.ts';
import { mapVisitor } from './visitor.ts';

/** `atMono`: the instant of a monotonic time. */
export function mapWhy(why: WhyStatus, now: string, atMono: (monoMs: number) => string): Why {
  const visitor = (seen: CoreVisitor) => mapVisitor(seen, atMono);
  const { status } = why;
  return {
    now,
    app: mapApp(status),
    refusal: mapRefusal(why.refusal),
    wokenBy: mapWokenBy(why.wokenBy, visitor),
    sleptBecause: why.sleptBecause,
    keptAwakeBy: why.keptAwakeBy.map(({ code, message }) => ({ code, message })),
    attempts: status.attempts,
    dependsOn: status.dependsOn.map(({ name, phase }) => ({ name, state: phase })),
    dependents: [...why.dependents],
    waitsForEndOf: [...why.waitsForEndOf],
    lastUse: why.lastUse === null ? null : visitor(why.lastUse),
    held: why.held.map(visitor),
    inFlight: why.inFlight.map(visitor),
    coldStart: mapColdStart(status.lastColdStart),
    lastFailure: mapLastFailure(why.lastFailure),
    hints: hintsFor(why),
  };
}

function mapRefusal(refusal: WhyStatus['refusal']): Why['refusal'] {
  return refusal === null ? null : { because: refusal.because, until: nullableInstant(refusal.untilWallMs) };
}

function mapWokenBy(
  wokenBy: WhyStatus['wokenBy'],
  visitor: (seen: CoreVisitor) => ReturnType<typeof mapVisitor>,
): Why['wokenBy'] {
  if (wokenBy === null) return null;
  const { atWallMs, cause, by, visitor: seen } = wokenBy;
  return { at: nullableInstant(atWallMs), cause, by, visitor: seen === null ? null : visitor(seen) };
}

function mapLastFailure(last: WhyStatus['lastFailure']): Why['lastFailure'] {
  if (last === null) return null;
  return {
    at: nullableInstant(last.atWallMs),
    failure: mapFailure(last.cause, null),
    recoveredAt: nullableInstant(last.recoveredAtWallMs),
  };
}
