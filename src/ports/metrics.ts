/** Phases of a cold start, in order; each is a stretch of time between two of its marks. */
export const coldStartPhases = ['wake', 'spawn', 'ready', 'release', 'first-byte', 'total'] as const;
export type ColdStartPhase = (typeof coldStartPhases)[number];

/** Durations in milliseconds. `wake`: held → scale asked. `spawn`: → process spawned. `ready`: → readiness seen. `release`: → released. `first-byte`: → first byte answered. */
export type ColdStart = Readonly<Record<ColdStartPhase, number>>;

/** What the control loop reports as it happens; everything else is read from snapshots when scraped. */
export interface Metrics {
  coldStart(app: string, phases: ColdStart): void;
  transition(app: string, from: string, to: string): void;
  wakeFailed(app: string, code: string): void;
}
