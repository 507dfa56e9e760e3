import type { Clock } from '../../../ports/clock.ts';

/** Work that is done once when the turn is over, however often it was asked for in it: a rollout tells of the same app a hundred times. */
export class EndOfTurn {
  readonly #clock: Clock;
  readonly #work: () => void;
  #isDue = false;

  constructor(clock: Clock, work: () => void) {
    this.#clock = clock;
    this.#work = work;
  }

  readonly ask = (): void => {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.after(0, () => {
      this.#isDue = false;
      this.#work();
    });
  };
}
