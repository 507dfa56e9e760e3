import type { Endpoint } from '../ports/data-path.ts';
import type { Slot } from './slot.ts';

/** A refused dial on one machine is known within a millisecond; a process that restarts its listener needs a few. */
const firstPauseMs = 5;
const longestPauseMs = 50;

/**
 * A slot with what the gate remembers of it. One that refuses dials is given a pause, then a single use to try; so a dead endpoint is asked once per pause,
 * however many wait.
 */
export class CountedSlot implements Slot {
  readonly id: string;
  endpoint: Endpoint;
  inFlight = 0;
  live = true;
  readonly onRetired = new Set<() => void>();
  /** Refused dials in a row; 0 while it is known to answer, or not known to be dead. */
  strikes = 0;
  /** Monotonic; nothing goes there before. */
  closedUntilMs = 0;
  /** One use was sent there after a refusal, and nothing was heard of it yet. */
  private trying = false;

  constructor(endpoint: Endpoint) {
    this.id = endpoint.id;
    this.endpoint = endpoint;
  }

  /** It refused a dial. True for the first refusal of a pause: the others of the same burst say nothing new. */
  strike(nowMs: number): boolean {
    if (!this.trying && nowMs < this.closedUntilMs) return false;
    this.trying = false;
    this.pause(nowMs);
    this.strikes += 1;
    return true;
  }

  /** Lets one use through and closes the slot behind it: until that one is refused, answered, or a pause has passed without either. */
  letOneTry(nowMs: number): void {
    this.trying = true;
    this.pause(nowMs);
  }

  /** The one that tries has neither been refused nor answered in a whole pause: it was not refused, so the slot is open again. */
  pardonIfTried(nowMs: number): void {
    if (this.trying && nowMs >= this.closedUntilMs) this.pardon();
  }

  pardon(): void {
    this.strikes = 0;
    this.trying = false;
    this.closedUntilMs = 0;
  }

  private pause(nowMs: number): void {
    this.closedUntilMs = nowMs + Math.min(firstPauseMs * 2 ** this.strikes, longestPauseMs);
  }
}
