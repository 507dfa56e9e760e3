import type { Clock, Timer } from '../ports/clock.ts';
import type { Slots } from './slots.ts';

/** Keeps the one timer for the next slot that opens again after a refused dial. */
export class Reopening {
  private readonly clock: Clock;
  private readonly slots: Slots;
  private readonly onOpen: () => void;
  private timer: Timer | null = null;

  constructor(clock: Clock, slots: Slots, onOpen: () => void) {
    this.clock = clock;
    this.slots = slots;
    this.onOpen = onOpen;
  }

  /** Somebody waits for a unit of a slot. */
  await(nowMs: number): void {
    if (this.timer !== null) return;
    const atMs = this.slots.opensAtMs(nowMs);
    if (atMs !== Infinity) this.timer = this.clock.after(Math.max(1, atMs - nowMs), this.onDue);
  }

  private readonly onDue = (): void => {
    this.timer = null;
    this.onOpen();
  };
}
