const decimal = /^[1-9]\d*$/u;

/**
 * Since Kubernetes 1.35 (KEP-5504) the resourceVersions of one resource type are ordered: decimal integers without leading zeros, of any length (they do not fit into a double).
 * `null` when one of them is no such number, as an aggregated API may answer: then nothing is known about their order.
 */
export function compareResourceVersions(a: string, b: string): -1 | 0 | 1 | null {
  if (!decimal.test(a) || !decimal.test(b)) return null;
  if (a === b) return 0;
  return a.length < b.length || (a.length === b.length && a < b) ? -1 : 1;
}
