import type { ColdStartTimes } from '../ports/data-path.ts';
import type { Seat } from './seat.ts';

/**
 * Times one wake: from the first that was held for it to the first answer to any of them. Those who were held are `cold` until they are answered or gone; when
 * the last of them has gone unanswered, the wake has no time.
 */
export class ColdStartTimer {
  private heldAtMs: number | null = null;
  private cold = 0;
  private keeping = false;

  held(seat: Seat): void {
    seat.cold = true;
    this.cold += 1;
    this.heldAtMs ??= seat.arrivedAtMs;
  }

  /** The times of this wake, if this is its first answer. */
  answered(seat: Seat, nowMs: number): ColdStartTimes | null {
    const { heldAtMs } = this;
    this.gone(seat);
    if (heldAtMs === null || seat.arrivedAtMs < heldAtMs) return null;
    this.heldAtMs = null;
    return { heldAtMs, releasedAtMs: seat.releasedAtMs, firstByteAtMs: nowMs };
  }

  gone(seat: Seat): void {
    if (!seat.cold) return;
    seat.cold = false;
    this.cold -= 1;
    this.forgetIfOver();
  }

  /** Runs `work`, in which one that leaves may come back as another: the wake goes on. */
  keep(work: () => void): void {
    this.keeping = true;
    try {
      work();
    } finally {
      this.keeping = false;
      this.forgetIfOver();
    }
  }

  private forgetIfOver(): void {
    if (this.cold === 0 && !this.keeping) this.heldAtMs = null;
  }
}
