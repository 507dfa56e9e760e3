/** ISO 8601, UTC. Beyond what a Date can hold (a pin without reason), the last instant it can. */
export function instant(wallMs: number): string {
  return new Date(Math.max(-lastInstantMs, Math.min(lastInstantMs, wallMs))).toISOString();
}

const lastInstantMs = 8.64e15;

/** `null` stays `null`. */
export function nullableInstant(wallMs: number | null): string | null {
  return wallMs === null ? null : instant(wallMs);
}
