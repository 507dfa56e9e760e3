/** Days as people write them, in order; the first is day 1. */
const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** `Mon-Fri`, `Mon,Wed-Fri`, `Fri-Mon` (over the weekend), in any case, short or in full. `null` for anything else. */
export function parseDays(text: string): number[] | null {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const range = parseRange(part);
    if (range === null) return null;
    for (const day of range) days.add(day);
  }
  return [...days].toSorted((a, b) => a - b);
}

function parseRange(text: string): number[] | null {
  const [from, to, ...rest] = text.split('-').map(parseDay);
  if (!from || to === null || rest.length > 0) return null;
  const length = to === undefined ? 1 : ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => ((from - 1 + index) % 7) + 1);
}

function parseDay(text: string): number | null {
  const name = text.toLowerCase();
  const index = names.findIndex((full) => name === full || name === full.slice(0, 3));
  return index < 0 ? null : index + 1;
}
