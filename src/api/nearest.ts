/** The known name that was probably meant: at most a third of its letters differ. `null` when none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length > longestName) return null;
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const found = distance(name.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (found <= allowed && (best === null || found < best.distance))
      best = { name: candidate, distance: found };
  }
  return best?.name ?? null;
}

/** Bounds the work that a request can cause. */
const longestName = 64;

/** Levenshtein's distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
