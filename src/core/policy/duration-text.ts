/** A time of idleness, for people. */
export function durationText(ms: number): string {
  // An app that sleeps after a tenth of a second does not sleep after 0 s.
  if (ms < 10_000) return `${Math.round(Math.max(0, ms) / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}
