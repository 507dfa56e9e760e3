import { SimRandom } from '../sim/random.ts';
import type { Agenda } from './agenda.ts';

export interface FaultOptions {
  readonly seed: number;
  readonly faultsUntilMs: number;
  /** Chances from 0 to 1, while faults happen: that a message is lost, that one comes twice, that a start fails. */
  readonly loss: number;
  readonly repeat: number;
  readonly badStart: number;
}

/** How late a message may be while faults happen; second copies may be far later. */
const longestLagMs = 50;
const latestCopyMs = 20_000;

/** Chance, and what goes wrong by it until faults stop. Then every message arrives, once, at once. */
export class Faults {
  readonly random: SimRandom;
  private readonly options: FaultOptions;
  private readonly agenda: Agenda;

  constructor(options: FaultOptions, agenda: Agenda) {
    this.options = options;
    this.agenda = agenda;
    this.random = new SimRandom(options.seed);
  }

  loses(): boolean {
    return this.happens(this.options.loss);
  }

  failsToStart(): boolean {
    return this.happens(this.options.badStart);
  }

  /** Delivers a message: late perhaps, and perhaps again. */
  deliver(arrive: () => void): void {
    const leftMs = this.options.faultsUntilMs - this.agenda.nowMs;
    if (leftMs <= 0) return this.agenda.after(0, arrive);
    this.agenda.after(this.random.between(0, longestLagMs), arrive);
    if (!this.happens(this.options.repeat)) return;
    const latestMs = this.random.chance(0.5) ? longestLagMs : Math.min(latestCopyMs, leftMs);
    this.agenda.after(this.random.between(0, latestMs), arrive);
  }

  private happens(chance: number): boolean {
    return this.agenda.nowMs < this.options.faultsUntilMs && this.random.chance(chance);
  }
}
