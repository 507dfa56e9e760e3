import type { SimplePolicyConfig } from './holds.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import type { Now, UseLevel } from './types.ts';
import { isInsideAny, windowsFor } from './windows.ts';

/**
 * Inside an asleep window an app sleeps as soon as nothing is in flight. So many milliseconds of quiet are asked for all the same: the requests of
 * one page come one after the other, and each would be a cold start.
 */
export const asleepWindowQuietMs = 10_000;

/** No idle time is shorter: an app in use would be looked at without a pause. */
const shortestIdleMs = 100;

/** How often use is looked at again while it is not known. */
const unknownAgainMs = 60_000;

/** How long the app has to be known to be idle before it sleeps; `null`: for ever. */
export function idleLimitMs(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  wallMs: number,
): number | null {
  const bySchedule =
    snapshot.operator?.kind !== 'wake' && isInsideAny(windowsFor(config.schedule, 'asleep'), wallMs);
  const longestMs = bySchedule ? asleepWindowQuietMs : Infinity;
  const limitMs = Math.min(longestMs, config.sleepAfterMs ?? Infinity);
  return limitMs === Infinity ? null : Math.max(shortestIdleMs, limitMs);
}

/** Monotonic instant at which to look whether the app may sleep; `null`: no time will do it. */
export function lookAgainAtMs(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): number | null {
  const limitMs = idleLimitMs(config, snapshot, now.wallMs);
  if (limitMs === null || snapshot.starting) return null;
  return snapshot.covered ? snapshot.idleFromMs + limitMs : now.monoMs + Math.min(limitMs, unknownAgainMs);
}

/** Anything but a plain 0 is use, or may be. */
export function isInUse(use: UseLevel): boolean {
  return use.inFlight !== 0 || use.held !== 0;
}

/** The snapshot after a look at use. A stretch that was not seen whole is no idleness: it is counted from the first look at which use is known again. */
export function lookAt(snapshot: SimpleSnapshot, use: UseLevel, now: Now): SimpleSnapshot {
  const covered = use.covered && !Number.isNaN(use.lastUseAtMs ?? 0);
  const unseen = !covered || !snapshot.covered;
  const lastMs = unseen || isInUse(use) ? now.monoMs : Math.min(use.lastUseAtMs ?? -Infinity, now.monoMs);
  const starting = snapshot.starting && !(use.inFlight > 0);
  return { ...snapshot, covered, starting, idleFromMs: Math.max(snapshot.idleFromMs, lastMs) };
}

/** Whether idleness is known, and has lasted long enough. */
export function hasIdledOut(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  use: UseLevel,
  now: Now,
): boolean {
  const atMs = lookAgainAtMs(config, snapshot, now);
  return snapshot.covered && !isInUse(use) && atMs !== null && now.monoMs >= atMs;
}
