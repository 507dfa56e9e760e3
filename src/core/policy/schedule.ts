import type { DailyWindow } from '../app.ts';
import { offsetMs, transitionBetween } from './time-zone.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesOfDay = 1440;

/** Two weeks: a weekly window that lies in the hour which a change to summer time skips comes again only in the week after. */
const horizonDays = 15;

/** An instant at which a window begins (`inside`) or ends. */
export interface Edge {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly inside: boolean;
}

/**
 * Whether the local clock shows a time of the window. Where a change of the offset repeats an hour, both of its passes are the same local time; an
 * hour that is skipped is in no window.
 */
export function isInside(window: DailyWindow, wallMs: number): boolean {
  const localMs = wallMs + offsetMs(window.timeZone, wallMs);
  const day = Math.floor(localMs / dayMs);
  const minute = Math.floor((localMs - day * dayMs) / minuteMs);
  if (window.toMinute > window.fromMinute) {
    return minute >= window.fromMinute && minute < window.toMinute && isListed(window, day);
  }
  return minute >= window.fromMinute
    ? isListed(window, day)
    : minute < window.toMinute && isListed(window, day - 1);
}

/** When `isInside` changes next; `null` when it never does. */
export function nextEdge(window: DailyWindow, wallMs: number): Edge | null {
  const known = lastEdges.get(window);
  if (known && wallMs >= known.fromMs && wallMs < known.untilMs) return known.edge;
  const edge = findEdge(window, wallMs);
  lastEdges.set(window, { fromMs: wallMs, untilMs: edge?.atMs ?? wallMs + horizonDays * dayMs, edge });
  return edge;
}

/** The last answer for a window is the answer until its edge has passed: a policy asks on every step. */
const lastEdges = new WeakMap<
  DailyWindow,
  { readonly fromMs: number; readonly untilMs: number; readonly edge: Edge | null }
>();

function findEdge(window: DailyWindow, wallMs: number): Edge | null {
  const inside = isInside(window, wallMs);
  const today = Math.floor((wallMs + offsetMs(window.timeZone, wallMs)) / dayMs);
  const firstOf = (day: number): number =>
    candidates(window, day).find((atMs) => atMs > wallMs && isInside(window, atMs) !== inside) ?? Infinity;
  for (let day = today; day <= today + horizonDays; day += 1) {
    const foundMs = firstOf(day);
    // Around a change of the offset the candidates of two days overlap.
    if (foundMs !== Infinity) return { atMs: Math.min(foundMs, firstOf(day + 1)), inside: !inside };
  }
  return null;
}

/** Every instant of a local day at which the window may begin or end, in order. A superset: the caller looks at each. */
function candidates(window: DailyWindow, localDay: number): number[] {
  const startMs = localDay * dayMs;
  const before = offsetMs(window.timeZone, startMs - dayMs);
  const after = offsetMs(window.timeZone, startMs + 2 * dayMs);
  const minutes = [0, window.fromMinute, window.toMinute % minutesOfDay];
  const locals = minutes.map((minute) => startMs + minute * minuteMs);
  if (before === after) return locals.map((localMs) => localMs - before).toSorted(ascending);
  const change = transitionBetween(window.timeZone, startMs - dayMs, startMs + 2 * dayMs);
  const both = locals.flatMap((localMs) => [localMs - before, localMs - after]);
  const isToday = [before, after].some((offset) => Math.floor((change + offset) / dayMs) === localDay);
  return [...both, ...(isToday ? [change] : [])].toSorted(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** `localDay` counts days since 1 January 1970, a Thursday (4). */
function isListed(window: DailyWindow, localDay: number): boolean {
  const weekday = ((((localDay + 3) % 7) + 7) % 7) + 1;
  return window.days.includes(weekday);
}
