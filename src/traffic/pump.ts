import type { Clock, Timer } from '../ports/clock.ts';

/** How many are let go, or refused, in one turn of the event loop: a dial costs some 60 µs, and other apps are to wait less than 50 ms. */
export const batchSize = 16;

export interface PumpHost {
  /** Deals with the first in the queue; false when there is none, or when the first, and so everybody, has to go on waiting. */
  serveFirst(): boolean;
  /** A batch is over. */
  pumped(): void;
}

/** Empties a queue in order and in batches, the rest in later turns. Called again from within a batch, it does nothing: the batch goes on anyway. */
export class Pump {
  private readonly clock: Clock;
  private readonly host: PumpHost;
  private running = false;
  private nextBatch: Timer | null = null;

  constructor(clock: Clock, host: PumpHost) {
    this.clock = clock;
    this.host = host;
  }

  run(): void {
    if (this.running || this.nextBatch !== null) return;
    this.running = true;
    try {
      this.runBatch();
    } finally {
      this.running = false;
    }
    this.host.pumped();
  }

  private runBatch(): void {
    for (let count = 0; count < batchSize; count += 1) if (!this.host.serveFirst()) return;
    this.nextBatch = this.clock.after(0, this.onNextBatch);
  }

  private readonly onNextBatch = (): void => {
    this.nextBatch = null;
    this.run();
  };
}
