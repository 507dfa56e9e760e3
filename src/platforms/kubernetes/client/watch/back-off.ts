import type { Random } from '../../../../ports/random.ts';

export const firstPauseMs = 100;
export const longestPauseMs = 30_000;

/** Exponential with full jitter: clients that failed together do not come back together. */
export class BackOff {
  private readonly random: Random;
  private failures = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** How long to wait after one more failure; at least as long as the server asked for. */
  next(retryAfterMs: number | null): number {
    const ceilingMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 16);
    return (retryAfterMs ?? 0) + this.random.next() * ceilingMs;
  }

  reset(): void {
    this.failures = 0;
  }
}
