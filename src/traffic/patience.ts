import type { Clock, Timer } from '../ports/clock.ts';

/** How long a connection waits for its client: to end a word that it has begun, or to break its silence. */
export class Patience {
  private readonly clock: Clock;
  private readonly onOver: () => void;
  private timer: Timer | null = null;

  constructor(clock: Clock, onOver: () => void) {
    this.clock = clock;
    this.onOver = onOver;
  }

  get isBeingTried(): boolean {
    return this.timer !== null;
  }

  begin(durationMs: number): void {
    this.end();
    this.timer = this.clock.after(durationMs, this.onDue);
  }

  end(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private readonly onDue = (): void => {
    this.timer = null;
    this.onOver();
  };
}
