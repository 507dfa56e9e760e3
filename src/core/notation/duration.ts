/** Milliseconds per unit, largest first: the order in which a duration is written. */
const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const number = String.raw`\d{1,12}(?:\.\d{1,6})?`;

const parts = units.map(([unit]) => `(?:${number}${unit})?`).join('');

/** `90s`, `15m`, `1h30m`, `500ms`, `2d`, `1.5h`: each unit at most once, larger ones first. */
export const durationPattern = `^(?=\\d)${parts}$`;

/** The same for engines without look-ahead, RE2 among them; it matches the empty text, too. */
export const durationOrEmptyPattern = `^${parts}$`;

const durationExpression = new RegExp(durationPattern);
const partExpression = new RegExp(`(${number})(d|h|ms|m|s)`, 'g');

/** Milliseconds, or `null` when the text is no duration. */
export function parseDuration(text: string): number | null {
  if (!durationExpression.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(partExpression)) {
    total += Number(amount) * (units.find(([name]) => name === unit)?.[1] ?? 0);
  }
  return Math.round(total);
}

/** The shortest exact way to write whole milliseconds; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest <= 0) return '0s';
  let text = '';
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text;
}
