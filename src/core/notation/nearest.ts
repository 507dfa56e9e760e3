/**
 * The candidate that the word was probably meant to be, or `null`. Case, `-` and `_` do not count; otherwise up to a third of the
 * letters may be wrong (a swap of neighbours is one mistake).
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const plain = simplify(word);
  const allowed = Math.max(1, Math.floor(plain.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(plain, simplify(candidate), allowed);
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Optimal string alignment distance; anything above `limit` may come back as `Infinity`, so that long words cost nothing. */
export function editDistance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cell(a, b, i, j, { row, last, beforeLast }));
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}

interface Rows {
  readonly row: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function cell(a: string, b: string, i: number, j: number, { row, last, beforeLast }: Rows): number {
  const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    replaced,
    at(last, j) + 1,
    at(row, j - 1) + 1,
    swapped ? at(beforeLast, j - 2) + 1 : Infinity,
  );
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Infinity;
}
