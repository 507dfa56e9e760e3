import type { Clock, Timer } from '../../ports/clock.ts';

const SWEEP_PERIOD_MS = 1000;

export interface Swept {
  /** Called once per period with the number of periods so far: a clock coarse enough to read for nothing. */
  sweep(tick: number): void;
}

/** One timer for every time-out of the HTTP data path. It runs only while somebody needs it, so apps at rest cost nothing. */
export class Sweep {
  tick = 0;
  private readonly members = new Set<Swept>();
  private readonly clock: Clock;
  private timer: Timer | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(member: Swept): void {
    this.members.add(member);
    this.timer ??= this.clock.after(SWEEP_PERIOD_MS, this.onTick);
  }

  remove(member: Swept): void {
    this.members.delete(member);
    if (this.members.size > 0) return;
    this.timer?.cancel();
    this.timer = null;
  }

  private readonly onTick = (): void => {
    this.tick += 1;
    this.timer = this.clock.after(SWEEP_PERIOD_MS, this.onTick);
    for (const member of this.members) member.sweep(this.tick);
  };
}

/** Periods after which at least `durationMs` have passed, wherever in a period they began. */
export function ticksFor(durationMs: number): number {
  return Math.ceil(durationMs / SWEEP_PERIOD_MS) + 1;
}
