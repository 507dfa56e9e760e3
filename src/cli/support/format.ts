/** What the user reads in place of what is not known, and of what there is not. */
export const unknown = '?';
export const none = '-';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** At most two units: `350ms`, `4.2s`, `45s`, `2h5m`, `3d4h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 9950) return `${trimZero((ms / 1000).toFixed(1))}s`;
  let restMs = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const amount = Math.floor(restMs / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    else if (parts.length > 0) break;
    restMs -= amount * size;
    if (parts.length === 2) break;
  }
  return parts.join('');
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

/** `90s`, `15m`, `1h30m`, `2d`; `null` when it is none of these, or nothing at all. */
export function parseDuration(text: string): number | null {
  const match = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/.exec(text);
  if (match === null) return null;
  const ms = units.reduce((total, [, size], index) => total + Number(match[index + 1] ?? 0) * size, 0);
  return ms > 0 ? ms : null;
}

/** From an instant to a later one; never negative, for clocks jump. */
export function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

export function formatBytes(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let index = 0;
  while (value >= 1023.5 && index < names.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${index > 0 && value < 9.95 ? trimZero(value.toFixed(1)) : Math.round(value)} ${names[index]}`;
}

/** `12:05` today, `Mon 12:05` within a week, else with the date; in the time zone of this machine. */
export function formatInstant(at: string, now: string): string {
  const date = new Date(at);
  const today = new Date(now);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === today.toDateString()) return time;
  const days = Math.abs(date.getTime() - today.getTime()) / 86_400_000;
  if (days < 6) return `${date.toLocaleDateString('en-GB', { weekday: 'short' })} ${time}`;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })} ${time}`;
}

/** `5m ago` */
export function ago(at: string, now: string): string {
  return `${formatDuration(between(at, now))} ago`;
}

/** `in 5m` */
export function inTime(now: string, at: string): string {
  return `in ${formatDuration(between(now, at))}`;
}
