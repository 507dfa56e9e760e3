/** Formatters are dear to make (milliseconds) and cheap to use (a microsecond): one per zone is kept. Names come from configurations only, so there are few. */
const formatters = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatterFor(name);
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
  return parseOffset(formatterFor(name).format(wallMs));
}

const minuteMs = 60_000;

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

function formatterFor(name: string): Intl.DateTimeFormat {
  const known = formatters.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  formatters.set(name, made);
  return made;
}

/** The end of `1/31/2026, GMT-03:30`; plain `GMT` for none, and seconds where zones had them long ago. */
const offsetPattern = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function parseOffset(formatted: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = offsetPattern.exec(formatted) ?? [];
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
