import type { Clock, Timer } from '../ports/clock.ts';

/** The one timer of an app. Arming it for about the same instant again costs nothing. */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #due: () => void;
  #timer: Timer | null = null;
  #dueAtMs = Infinity;

  constructor(clock: Clock, due: () => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** Monotonic; `null` for never. */
  arm(atMs: number | null): void {
    if (this.#timer !== null && atMs !== null && Math.abs(atMs - this.#dueAtMs) < sameInstantMs) return;
    this.cancel();
    if (atMs === null || atMs === Infinity) return;
    this.#dueAtMs = atMs;
    this.#timer = this.#clock.after(Math.max(0, atMs - this.#clock.monoMs()), () => {
      this.#timer = null;
      this.#due();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}

/** A wall-clock deadline, turned into a monotonic one twice, differs by the resolution of the wall clock. */
const sameInstantMs = 2;
