import type { Clock, Timer } from '../ports/clock.ts';

interface Pending {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Time that stands still until it is told to pass. Timers fire in the order of their instants, those of one instant in the order they were set. */
export class FakeClock implements Clock {
  private nowMs: number;
  private wallOffsetMs: number;
  private pending: Pending[] = [];

  constructor(startMs = 1000, wallStartMs = Date.UTC(2026, 0, 1)) {
    this.nowMs = startMs;
    this.wallOffsetMs = wallStartMs - startMs;
  }

  monoMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.wallOffsetMs + this.nowMs;
  }

  /** Sets the wall clock forward (or back), and the monotonic clock not at all. */
  jumpWall(byMs: number): void {
    this.wallOffsetMs += byMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const entry: Pending = { atMs: this.nowMs + Math.max(0, delayMs), callback };
    const later = this.pending.findIndex((other) => other.atMs > entry.atMs);
    this.pending.splice(later === -1 ? this.pending.length : later, 0, entry);
    return {
      cancel: () => {
        this.pending = this.pending.filter((other) => other !== entry);
      },
    };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.pending.length;
  }

  /** Lets time pass; whatever falls due on the way runs at its own instant, timers set on the way included. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let next = this.pending[0]; next !== undefined && next.atMs <= untilMs; next = this.pending[0]) {
      this.pending.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
    }
    this.nowMs = untilMs;
  }
}
