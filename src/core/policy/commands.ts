import type { SimplePolicyConfig } from './holds.ts';
import { firmHolds } from './holds.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import { isInstant } from './simple-snapshot.ts';
import type { Now, PolicyEvent } from './types.ts';
import { firstEdgeMs, nextStartMs, windowsFor } from './windows.ts';

type Of<T extends PolicyEvent['type']> = Extract<PolicyEvent, { readonly type: T }>;

/** From now on the app is wanted, and its idle time begins anew. */
export function wanted(snapshot: SimpleSnapshot, now: Now): SimpleSnapshot {
  const starting = snapshot.starting || !snapshot.wanted;
  return { ...snapshot, wanted: true, starting, idleFromMs: now.monoMs };
}

/** Up until idle again, also inside an asleep window; the next edge of the schedule ends that exception. */
export function operatorWake(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  event: Of<'wake'>,
  now: Now,
): SimpleSnapshot {
  const untilMs = firstEdgeMs(
    config.schedule.map((rule) => rule.window),
    now.wallMs,
  );
  const replicas =
    event.replicas !== null && event.replicas >= 1 ? Math.floor(event.replicas) : snapshot.replicas;
  return { ...wanted(snapshot, now), replicas, operator: { kind: 'wake', by: event.by, untilMs } };
}

/**
 * Asleep until the next request, or until an awake window begins. While something firmer holds the app up the command changes nothing, and `explain` says
 * what to do first: a pin is somebody's promise, and dependents would lose what they run on.
 */
export function operatorSleep(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  event: Of<'sleep'>,
  now: Now,
): SimpleSnapshot {
  if (firmHolds(config, snapshot).length > 0) return snapshot;
  const untilMs = nextStartMs(windowsFor(config.schedule, 'awake'), now.wallMs);
  return { ...snapshot, wanted: false, starting: false, operator: { kind: 'sleep', by: event.by, untilMs } };
}

/** An end that is no instant is no end. */
export function pinned(snapshot: SimpleSnapshot, event: Of<'pin'>): SimpleSnapshot {
  const untilMs = isInstant(event.untilMs) ? event.untilMs : null;
  return { ...snapshot, pin: { untilMs, by: event.by } };
}

/** Marks and pins whose time has passed are gone. */
export function withoutExpired(snapshot: SimpleSnapshot, now: Now): SimpleSnapshot {
  const isOver = (mark: { untilMs: number | null } | null): boolean =>
    mark !== null && mark.untilMs !== null && now.wallMs >= mark.untilMs;
  const { pin, operator } = snapshot;
  return { ...snapshot, pin: isOver(pin) ? null : pin, operator: isOver(operator) ? null : operator };
}
