import type { Clock, Timer } from '../ports/clock.ts';

/** Within half a minute everything is where it should be (I3). */
const everyMs = 20_000;
/** Less is the slewing of a time daemon. */
export const jumpMs = 1_000;

export interface WallObserver {
  jumped(byMs: number): void;
  /** Also where the clock has jumped to and fro since the last look: who has looked at it in between was misled. */
  looked(): void;
}

/** Notices within 20 seconds when the wall clock has jumped against the monotonic one (set by somebody, or the machine slept). One timer for all apps. */
export class WallWatch {
  readonly #clock: Clock;
  readonly #observer: WallObserver;
  #offsetMs: number;
  #timer: Timer | null = null;

  constructor(clock: Clock, observer: WallObserver) {
    this.#clock = clock;
    this.#observer = observer;
    this.#offsetMs = clock.wallMs() - clock.monoMs();
    this.#wait();
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #wait(): void {
    this.#timer = this.#clock.after(everyMs, () => {
      this.#wait();
      this.#look();
    });
  }

  #look(): void {
    const offsetMs = this.#clock.wallMs() - this.#clock.monoMs();
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) >= jumpMs) this.#observer.jumped(byMs);
    this.#observer.looked();
  }
}
