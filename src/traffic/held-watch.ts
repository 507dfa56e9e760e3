import type { Clock, Timer } from '../ports/clock.ts';
import type { HeldQueue } from './held-queue.ts';
import type { Seat } from './seat.ts';

const demandEveryMs = 1000;

export interface HeldWatchHost {
  /** Those who have been held for too long are to go. */
  refuseOverdue(nowMs: number): void;
  /** Somebody is held still: demand is a level, not an edge. */
  demandAgain(seat: Seat): void;
  readonly holdTimeoutMs: number;
}

/** Keeps the one timer of those who are held, at the earlier of the next demand and the next time-out. It runs only while somebody is held. */
export class HeldWatch {
  private readonly clock: Clock;
  private readonly queue: HeldQueue;
  private readonly host: HeldWatchHost;
  private timer: Timer | null = null;
  private dueMs = 0;
  private demandDueMs = 0;

  constructor(clock: Clock, queue: HeldQueue, host: HeldWatchHost) {
    this.clock = clock;
    this.queue = queue;
    this.host = host;
  }

  /** Somebody has joined the queue. */
  joined(nowMs: number): void {
    if (this.queue.size === 1) this.demandDueMs = nowMs + demandEveryMs;
    this.adjust();
  }

  /** After anything that may have changed who is held, or for how long. */
  adjust(): void {
    if (this.queue.first === null) {
      this.timer?.cancel();
      this.timer = null;
      return;
    }
    const dueMs = Math.min(this.demandDueMs, this.queue.oldestMs() + this.host.holdTimeoutMs);
    if (this.timer !== null && this.dueMs <= dueMs) return;
    this.timer?.cancel();
    this.dueMs = dueMs;
    this.timer = this.clock.after(Math.max(0, dueMs - this.clock.monoMs()), this.onDue);
  }

  private readonly onDue = (): void => {
    this.timer = null;
    const nowMs = this.clock.monoMs();
    this.host.refuseOverdue(nowMs);
    if (nowMs >= this.demandDueMs) {
      this.demandDueMs = nowMs + demandEveryMs;
      const seat = this.queue.firstWanting();
      if (seat !== null) this.host.demandAgain(seat);
    }
    this.adjust();
  };
}
