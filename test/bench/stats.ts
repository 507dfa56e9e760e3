/** Order statistics of a sample. `q` in [0, 1]; nearest rank. */
export function quantile(sample: readonly number[], q: number): number {
  if (sample.length === 0) return Number.NaN;
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

/** Median with the spread around it, for a line of a report. */
export function spread(sample: readonly number[], digits = 2): string {
  const at = (q: number): string => quantile(sample, q).toFixed(digits);
  return `median ${at(0.5)} (min ${at(0)}, p90 ${at(0.9)}, p99 ${at(0.99)}, max ${at(1)}; n ${sample.length})`;
}
