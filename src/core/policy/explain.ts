import { durationText } from './duration-text.ts';
import type { SimplePolicyConfig } from './holds.ts';
import { holds } from './holds.ts';
import { idleLimitMs, isInUse, lookAt } from './idleness.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import type { Explanation, Now, Reason, UseLevel } from './types.ts';
import { nextChange } from './next-change.ts';

/** Why the app is up, and what comes next if nothing happens. */
export function explain(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  use: UseLevel,
  now: Now,
): Explanation {
  const seen = lookAt(snapshot, use, now);
  return {
    keptAwakeBy: seen.wanted
      ? [
          ...holds(config, seen, now),
          ...byOperator(seen),
          ...byUse(seen, use),
          ...byTime(config, seen, use, now),
        ]
      : [],
    next: nextChange(config, seen, use, now),
    pinned: seen.pin,
  };
}

function byOperator({ operator }: SimpleSnapshot): Reason[] {
  if (operator?.kind !== 'wake') return [];
  const message = `Woken by ${operator.by}; up until it has been idle again.`;
  return [{ code: 'operator', message, by: operator.by }];
}

function byUse(seen: SimpleSnapshot, use: UseLevel): Reason[] {
  const reasons: Reason[] = [];
  if (use.inFlight !== 0) reasons.push({ code: 'in-flight', message: `In use: ${use.inFlight} in flight.` });
  if (use.held !== 0) reasons.push({ code: 'held', message: `${use.held} waiting to be served.` });
  if (!seen.covered) {
    reasons.push({ code: 'unknown-use', message: 'Use is not fully known; unknown is not idle.' });
  }
  return reasons;
}

function byTime(config: SimplePolicyConfig, seen: SimpleSnapshot, use: UseLevel, now: Now): Reason[] {
  if (seen.starting) return [{ code: 'recent-use', message: 'It is being started.' }];
  const limitMs = idleLimitMs(config, seen, now.wallMs);
  if (limitMs === null) {
    return [{ code: 'never-sleeps', message: 'sleepAfter is off, so idleness never puts it to sleep.' }];
  }
  // What is in use is not idle, and nothing else has to be said of its time.
  if (isInUse(use))
    return [{ code: 'recent-use', message: `Sleeps after ${durationText(limitMs)} without use.` }];
  const idleMs = now.monoMs - seen.idleFromMs;
  if (idleMs >= limitMs) return [];
  const message = `Idle for ${durationText(idleMs)}; sleeps after ${durationText(limitMs)}.`;
  return [{ code: 'recent-use', message }];
}
