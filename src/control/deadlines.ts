import type { HandoverState } from '../core/handover/types.ts';
import type { Clock } from '../ports/clock.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import type { PolicyDriver } from './policy-driver.ts';

/** Whose deadline has come. */
export interface Due {
  readonly handover: boolean;
  readonly policy: boolean;
}

/** What the two automata of one app wait for: the timer is set to the earlier of their deadlines. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #policy: PolicyDriver;
  readonly #timer: DeadlineTimer;
  /** Something was due since the timer was set last. */
  #wasDue = false;

  constructor(clock: Clock, policy: PolicyDriver, tick: () => void) {
    this.#clock = clock;
    this.#policy = policy;
    this.#timer = new DeadlineTimer(clock, tick);
  }

  /** To be asked when the timer has run out, or the clock has jumped. */
  due({ deadlineMs }: HandoverState): Due {
    const handover = deadlineMs !== null && deadlineMs <= this.#clock.monoMs();
    const policy = this.#policy.isDue();
    this.#wasDue = handover || policy;
    return { handover, policy };
  }

  arm({ deadlineMs }: HandoverState): void {
    const nowMs = this.#clock.monoMs();
    const dueAtMs = Math.min(deadlineMs ?? Infinity, this.#policy.dueAtMs());
    const isStuck = this.#wasDue && dueAtMs <= nowMs;
    this.#wasDue = false;
    this.#timer.arm(isStuck ? nowMs + stuckMs : dueAtMs);
  }

  cancel(): void {
    this.#timer.cancel();
  }
}

/** A deadline that a tick has not moved (a bug) must not become a loop. */
const stuckMs = 1_000;
