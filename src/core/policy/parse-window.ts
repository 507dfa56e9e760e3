import type { DailyWindow } from '../app.ts';
import { parseDays } from './weekdays.ts';
import { isTimeZone } from './time-zone.ts';

export type ParsedWindow =
  { readonly ok: true; readonly window: DailyWindow } | { readonly ok: false; readonly message: string };

const form = 'Mon-Fri 08:00-20:00 Europe/Berlin';

/**
 * `Mon-Fri 08:00-20:00 Europe/Berlin`: days (a list of names and ranges), a stretch of local time, and an IANA time zone. An end at or before the beginning is on
 * the next day; `24:00` is the end of the day.
 */
export function parseWindow(text: string): ParsedWindow {
  const [days, times, timeZone, ...rest] = text.trim().split(/\s+/);
  if (!days || !times || !timeZone || rest.length > 0) {
    return refuse(`expected days, times and a time zone, as in \`${form}\`, but found \`${text}\``);
  }
  const listed = parseDays(days);
  if (listed === null) return refuse(`\`${days}\` is no list of days: write Mon-Fri, or Mon,Wed-Fri`);
  const minutes = parseTimes(times);
  if (minutes === null) return refuse(`\`${times}\` is no stretch of time: write 08:00-20:00, up to 24:00`);
  if (!isTimeZone(timeZone)) return refuse(unknownZone(timeZone));
  return { ok: true, window: { days: listed, ...minutes, timeZone } };
}

export function unknownZone(name: string): string {
  return `\`${name}\` is no known time zone: write an IANA name, for example Europe/Berlin or UTC`;
}

function refuse(message: string): ParsedWindow {
  return { ok: false, message };
}

function parseTimes(text: string): { fromMinute: number; toMinute: number } | null {
  const [from, to, ...rest] = text.split('-');
  const fromMinute = parseTime(from ?? '');
  const toMinute = to === '24:00' ? 1440 : parseTime(to ?? '');
  return rest.length > 0 || fromMinute === null || toMinute === null ? null : { fromMinute, toMinute };
}

function parseTime(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  return Number(hours) > 23 || Number(minutes) > 59 ? null : Number(hours) * 60 + Number(minutes);
}
