import type { DailyWindow } from '../app.ts';
import { parseCronField } from './cron-field.ts';
import { unknownZone } from './parse-window.ts';
import { isTimeZone } from './time-zone.ts';
import { daysInWeek, minutesOfDay, spansBetween, windowsOf } from './week.ts';

/** The schedule of a kube-green `SleepInfo`, its fields as they stand there. */
export interface KubeGreenFields {
  readonly weekdays: string;
  readonly sleepAt: string;
  /** Absent: nothing wakes it by the clock. */
  readonly wakeUpAt?: string;
  /** UTC when absent. */
  readonly timeZone?: string;
}

/**
 * `awake`: from each wake-up to the next sleep. `asleep`: the rest of the week, where kube-green would have put it to sleep; without `wakeUpAt`, from each
 * sleep to the end of its day.
 */
export type ParsedKubeGreen =
  | { readonly ok: true; readonly awake: readonly DailyWindow[]; readonly asleep: readonly DailyWindow[] }
  | { readonly ok: false; readonly field: keyof KubeGreenFields; readonly message: string };

/** A schedule that flips more often than this (a cron step such as every other minute) is meant for trying kube-green out, not for a week. */
const mostWindows = 48;

/** kube-green hands weekdays, hours and minutes to cron as they are, so all that cron understands is understood; 7 is Sunday too. */
export function parseKubeGreen(fields: KubeGreenFields): ParsedKubeGreen {
  const days = parseCronField(fields.weekdays, 0, 7, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']);
  if (days === null)
    return refuse('weekdays', `\`${fields.weekdays}\` is no list of days: write \`*\`, 1-5 or 0,6`);
  const sleeps = instantsOfWeek(days, fields.sleepAt);
  if (sleeps === null) return refuse('sleepAt', noTime(fields.sleepAt));
  const timeZone = fields.timeZone ?? 'UTC';
  if (!isTimeZone(timeZone)) return refuse('timeZone', unknownZone(timeZone));
  if (fields.wakeUpAt === undefined) return sleepOnly(sleeps, timeZone);
  const wakes = instantsOfWeek(days, fields.wakeUpAt);
  if (wakes === null) return refuse('wakeUpAt', noTime(fields.wakeUpAt));
  if (wakes.some((minute) => sleeps.includes(minute))) {
    return refuse('wakeUpAt', 'wakeUpAt and sleepAt come at the same minute, so neither can be meant');
  }
  const awake = windowsOf(spansBetween(wakes, sleeps), timeZone);
  return bounded(awake, windowsOf(spansBetween(sleeps, wakes), timeZone));
}

function sleepOnly(sleeps: readonly number[], timeZone: string): ParsedKubeGreen {
  const midnights = Array.from({ length: daysInWeek }, (_, day) => day * minutesOfDay);
  const atMidnight = sleeps.filter((minute) => midnights.includes(minute));
  if (atMidnight.length > 0) return refuse('sleepAt', 'without wakeUpAt, sleepAt must be later than 00:00');
  return bounded([], windowsOf(spansBetween(sleeps, midnights), timeZone));
}

function bounded(awake: DailyWindow[], asleep: DailyWindow[]): ParsedKubeGreen {
  return awake.length + asleep.length > mostWindows
    ? refuse('sleepAt', `sleeps and wakes too often in a week: at most ${mostWindows} windows are kept`)
    : { ok: true, awake, asleep };
}

function instantsOfWeek(days: ReadonlySet<number>, time: string): number[] | null {
  const [hourText = '', minuteText = '', ...rest] = time.split(':');
  const hours = parseCronField(hourText, 0, 23);
  const minutes = parseCronField(minuteText, 0, 59);
  if (rest.length > 0 || hours === null || minutes === null) return null;
  const fromMonday = new Set([...days].map((day) => (day + 6) % daysInWeek));
  const instants = [...fromMonday].flatMap((day) =>
    [...hours].flatMap((hour) => [...minutes].map((minute) => day * minutesOfDay + hour * 60 + minute)),
  );
  return instants.toSorted((a, b) => a - b);
}

function noTime(text: string): string {
  return `\`${text}\` is no time of day: write HH:MM, as in 20:00`;
}

function refuse(field: keyof KubeGreenFields, message: string): ParsedKubeGreen {
  return { ok: false, field, message };
}
