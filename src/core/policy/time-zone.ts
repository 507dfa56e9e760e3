/** A time zone as far as it has been looked at. */
interface Zone {
  /** The offset at an instant: a microsecond or more. */
  at(wallMs: number): number;
  /** The offset on days (of UTC, since 1970) without a change of it. */
  readonly wholeDays: Map<number, number>;
}

/** Formatters are dear to make (milliseconds): one per zone is kept. Names come from configurations only, so there are few. */
const zones = new Map<string, Zone>();

export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * What is added to UTC to get local time, in milliseconds.
 * @param name IANA name; throws a RangeError for an unknown one
 * @param wallMs milliseconds since the Unix epoch
 */
export function offsetMs(name: string, wallMs: number): number {
  const zone = zoneOf(name);
  const day = Math.floor(wallMs / dayMs);
  const known = zone.wholeDays.get(day);
  if (known !== undefined) return known;
  const offset = zone.at(wallMs);
  if (zone.at(day * dayMs) === offset && zone.at((day + 1) * dayMs) === offset) remember(zone, day, offset);
  return offset;
}

/** Enough for the weeks that schedules look ahead. */
const mostDays = 64;

function remember(zone: Zone, day: number, offset: number): void {
  if (zone.wholeDays.size >= mostDays) zone.wholeDays.clear();
  zone.wholeDays.set(day, offset);
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The first minute after `fromMs` (exclusive) and up to `toMs` at which the zone has the offset that it has at `toMs`, where it differs from that at `fromMs`. */
export function transitionBetween(name: string, fromMs: number, toMs: number): number {
  const offsetAfter = offsetMs(name, toMs);
  let before = Math.floor(fromMs / minuteMs);
  let after = Math.ceil(toMs / minuteMs);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(name, middle * minuteMs) === offsetAfter) after = middle;
    else before = middle;
  }
  return after * minuteMs;
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const made = {
    at: (wallMs: number) => parseOffset(format.format(wallMs)),
    wholeDays: new Map<number, number>(),
  };
  zones.set(name, made);
  return made;
}

/** The end of `1/31/2026, GMT-03:30`; plain `GMT` for none, and seconds where zones had them long ago. */
const offsetPattern = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function parseOffset(formatted: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = offsetPattern.exec(formatted) ?? [];
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
