import type { DailyWindow } from '../app.ts';

export const daysInWeek = 7;
export const minutesOfDay = 1440;
const minutesOfWeek = daysInWeek * minutesOfDay;

/** A stretch of a recurring week, in minutes since Monday 00:00; `to` may lie in the week after. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From each beginning to the first end after it, round the week; a beginning inside an earlier stretch adds nothing. Both are in order, and share no minute. */
export function spansBetween(begins: readonly number[], ends: readonly number[]): Span[] {
  const longest = new Map<number, Span>();
  for (const from of begins) {
    const to = ends.find((end) => end > from) ?? (ends[0] ?? from) + minutesOfWeek;
    const known = longest.get(to % minutesOfWeek);
    if (!known || to - from > known.to - known.from) longest.set(to % minutesOfWeek, { from, to });
  }
  return [...longest.values()];
}

/** The same stretches as daily windows: those with equal times share one. */
export function windowsOf(spans: readonly Span[], timeZone: string): DailyWindow[] {
  const daysByTimes = new Map<string, DailyWindow>();
  for (const piece of spans.flatMap(pieces)) {
    const key = `${piece.fromMinute}-${piece.toMinute}`;
    const days = [...(daysByTimes.get(key)?.days ?? []), piece.day].toSorted((a, b) => a - b);
    daysByTimes.set(key, { days, fromMinute: piece.fromMinute, toMinute: piece.toMinute, timeZone });
  }
  return [...daysByTimes.values()];
}

interface Piece {
  readonly day: number;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** At most a day long each: a window that goes on after midnight stays one piece, so that its edges are where the user put them. */
function pieces({ from, to }: Span): Piece[] {
  const day = (Math.floor(from / minutesOfDay) % daysInWeek) + 1;
  const fromMinute = from % minutesOfDay;
  if (to - from <= minutesOfDay) {
    const end = to % minutesOfDay;
    return [{ day, fromMinute, toMinute: end === 0 ? minutesOfDay : end }];
  }
  const midnight = from - fromMinute + minutesOfDay;
  return [{ day, fromMinute, toMinute: minutesOfDay }, ...pieces({ from: midnight, to })];
}
