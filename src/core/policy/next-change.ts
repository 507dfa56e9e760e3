import type { ScheduleRule } from '../app.ts';
import { durationText } from './duration-text.ts';
import type { SimplePolicyConfig } from './holds.ts';
import { firmHolds } from './holds.ts';
import { asleepWindowQuietMs, idleLimitMs, isInUse } from './idleness.ts';
import { isInside } from './schedule.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import type { Explanation, Now, UseLevel } from './types.ts';
import { isInsideAny, nextStartMs, nextUnionEdge, windowsFor } from './windows.ts';

type Change = NonNullable<Explanation['next']>;

/** The next change that comes by itself if nothing happens; `null` where none will, or where it depends on a use that is going on or unknown. */
export function nextChange(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  use: UseLevel,
  now: Now,
): Change | null {
  if (!snapshot.wanted) return nextWake(config, now.wallMs);
  const { pin, starting, covered } = snapshot;
  const endless =
    firmHolds(config, { ...snapshot, pin: null }).length > 0 || (pin !== null && pin.untilMs === null);
  return endless || starting || !covered || isInUse(use) ? null : nextSleep(config, snapshot, now);
}

function nextWake(config: SimplePolicyConfig, wallMs: number): Change | null {
  const atWallMs = nextStartMs(windowsFor(config.schedule, 'awake'), wallMs);
  if (atWallMs === null) return null;
  return { what: 'wake', atWallMs, because: scheduleText(config, 'awake', atWallMs) };
}

/** The earlier of idling out and the next asleep window, put off to the end of whatever keeps the app up then. */
function nextSleep(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): Change | null {
  const candidate = earlier(idleSleep(config, snapshot, now), scheduledSleep(config, snapshot, now));
  if (candidate === null) return null;
  const due = { ...candidate, atWallMs: Math.max(candidate.atWallMs, now.wallMs) };
  return afterAwakeWindows(config, afterPin(snapshot, due));
}

function afterPin({ pin }: SimpleSnapshot, change: Change): Change {
  const untilMs = pin?.untilMs ?? 0;
  return untilMs > change.atWallMs ? { ...change, atWallMs: untilMs, because: 'its pin ends' } : change;
}

function idleSleep(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): Change | null {
  const limitMs = idleLimitMs(config, snapshot, now.wallMs);
  if (limitMs === null) return null;
  const atWallMs = wallOf(snapshot.idleFromMs, now) + limitMs;
  const bySchedule = limitMs < (config.sleepAfterMs ?? Infinity);
  return {
    what: 'sleep',
    atWallMs,
    because: bySchedule
      ? scheduleText(config, 'asleep', now.wallMs)
      : `after ${durationText(limitMs)} without use`,
  };
}

function scheduledSleep(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): Change | null {
  const startMs = nextStartMs(windowsFor(config.schedule, 'asleep'), now.wallMs);
  if (startMs === null) return null;
  const atWallMs = Math.max(startMs, wallOf(snapshot.idleFromMs, now) + asleepWindowQuietMs);
  return { what: 'sleep', atWallMs, because: scheduleText(config, 'asleep', startMs) };
}

/** `null` inside windows that never end. */
function afterAwakeWindows(config: SimplePolicyConfig, change: Change): Change | null {
  const windows = windowsFor(config.schedule, 'awake');
  if (!isInsideAny(windows, change.atWallMs)) return change;
  const edge = nextUnionEdge(windows, change.atWallMs);
  if (edge === null) return null;
  // The last instant inside names the window that ends there.
  return { ...change, atWallMs: edge.atMs, because: `${scheduleText(config, 'awake', edge.atMs - 1)} ends` };
}

function earlier(one: Change | null, other: Change | null): Change | null {
  if (one === null || other === null) return one ?? other;
  return other.atWallMs < one.atWallMs ? other : one;
}

function wallOf(monoMs: number, now: Now): number {
  return now.wallMs + (monoMs - now.monoMs);
}

function scheduleText(config: SimplePolicyConfig, effect: ScheduleRule['effect'], wallMs: number): string {
  const rule = config.schedule.find((each) => each.effect === effect && isInside(each.window, wallMs));
  return rule ? `schedule: ${rule.source}` : 'schedule';
}
