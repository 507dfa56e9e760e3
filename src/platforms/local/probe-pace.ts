/**
 * A refused probe costs about a tenth of a millisecond of the event loop, which also forwards everybody's bytes: so much time between two probes for each replica that
 * is being started keeps all probes together at a fifth of it.
 */
const perReplicaMs = 0.5;

/** Shared by all replicas of a platform: the more are being started at once, the less often each is asked whether it is ready. */
export class ProbePace {
  #starting = 0;

  join(): void {
    this.#starting += 1;
  }

  leave(): void {
    this.#starting -= 1;
  }

  /** The pause that one of them would take, or a longer one. */
  atLeast(pauseMs: number): number {
    return Math.max(pauseMs, this.#starting * perReplicaMs);
  }
}
