import type { Clock, Timer } from '../../ports/clock.ts';

/** A process group that is to end. For a group that is not our own child, both calls first make sure that it is still the one that was meant. */
export interface Group {
  /** False when nothing was sent: no process of it is left, or it cannot be told whether it is still the one that was meant. */
  signal(signal: NodeJS.Signals): boolean;
  alive(): boolean;
}

export interface EndingObserver {
  /** The grace is over and SIGKILL has been sent. */
  killed(): void;
  /** Not one process of the group is left. Called once, never before `start` returns. */
  gone(): void;
}

const firstPollMs = 1;
const slowestPollMs = 100;

/**
 * Ends a process group: stop signal to all of it, SIGKILL after the grace, and then as long as it takes until nobody is left. The signal is not sent a second time when
 * the leader ends before the others: they got the first one too, and many programs read a second one as "at once".
 */
export class GroupEnding {
  readonly #group: Group;
  readonly #clock: Clock;
  readonly #observer: EndingObserver;
  /** Our own living child tells us when it ends; until then there is nothing to poll for. */
  #leaderLives: boolean;
  #graceTimer: Timer | null = null;
  #pollTimer: Timer | null = null;
  #pollMs = firstPollMs;
  /** SIGKILL is due and could not be sent. */
  #killIsDue = false;
  #over = false;

  constructor(group: Group, clock: Clock, leaderLives: boolean, observer: EndingObserver) {
    this.#group = group;
    this.#clock = clock;
    this.#leaderLives = leaderLives;
    this.#observer = observer;
  }

  start(signal: NodeJS.Signals, graceMs: number): void {
    this.#group.signal(signal);
    if (signal !== 'SIGKILL') this.#graceTimer = this.#clock.after(graceMs, () => this.kill());
    this.#pollSoon();
  }

  /** Our child has ended and has been waited for. True when the whole group is gone with it; `gone` has been called then. */
  leaderExited(): boolean {
    this.#leaderLives = false;
    this.#poll();
    return this.#over;
  }

  /** The grace is over, or nobody wants to wait for its end. */
  kill(): void {
    if (this.#over) return;
    this.#graceTimer?.cancel();
    this.#sendKill();
    this.#pollMs = firstPollMs;
    this.#pollTimer?.cancel();
    this.#pollSoon();
  }

  #sendKill(): void {
    this.#killIsDue = !this.#group.signal('SIGKILL');
    if (!this.#killIsDue) this.#observer.killed();
  }

  #pollSoon(): void {
    if (this.#leaderLives || this.#over) return;
    this.#pollTimer = this.#clock.after(this.#pollMs, () => this.#poll());
    this.#pollMs = Math.min(this.#pollMs * 2, slowestPollMs);
  }

  #poll(): void {
    if (this.#over) return;
    this.#pollTimer?.cancel();
    if (this.#group.alive()) {
      if (this.#killIsDue) this.#sendKill();
      return this.#pollSoon();
    }
    this.#over = true;
    this.#graceTimer?.cancel();
    this.#observer.gone();
  }
}
