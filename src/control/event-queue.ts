/**
 * Runs events to completion, one after the other: what handling one event causes is handled after it, never within it. `push` handles at once, in the
 * caller's own turn, unless events are being handled already.
 */
export class EventQueue<E> {
  readonly #handler: EventHandler<E>;
  #pending: E[] = [];
  #running = false;

  constructor(handler: EventHandler<E>) {
    this.#handler = handler;
  }

  get length(): number {
    return this.#pending.length;
  }

  /** `supersedes`: pending events that this one makes pointless (an older reading of the same level). */
  push(event: E, supersedes?: (pending: E) => boolean): void {
    if (supersedes !== undefined) this.#pending = this.#pending.filter((pending) => !supersedes(pending));
    if (this.#pending.length >= longestQueue) {
      this.#handler.overrun(event);
      return;
    }
    this.#pending.push(event);
    if (!this.#running) this.#run();
  }

  clear(): void {
    this.#pending = [];
  }

  /** Handles what is pending; at most a budget of it, so that a loop between two parts (a bug) cannot stop everything else. */
  #run(): void {
    this.#running = true;
    try {
      let budget = longestRun;
      do {
        budget = this.#handleAll(budget);
        this.#settle();
      } while (this.#pending.length > 0 && budget > 0);
    } finally {
      this.#running = false;
    }
    if (this.#pending.length > 0) this.#handler.later(() => this.#resume());
  }

  #resume(): void {
    if (!this.#running && this.#pending.length > 0) this.#run();
  }

  #handleAll(budget: number): number {
    let left = budget;
    for (let event = this.#next(left); event !== undefined; event = this.#next(left)) {
      left -= 1;
      try {
        this.#handler.handle(event);
      } catch (error) {
        this.#handler.failed(error, event);
      }
    }
    return left;
  }

  #next(budget: number): E | undefined {
    return budget > 0 ? this.#pending.shift() : undefined;
  }

  #settle(): void {
    try {
      this.#handler.settled();
    } catch (error) {
      this.#handler.failed(error, null);
    }
  }
}

export interface EventHandler<E> {
  handle(event: E): void;
  /** Nothing is pending: the time for what can wait until after the effects (records, timers). May push. */
  settled(): void;
  /** `handle` (or, with `null`, `settled`) threw. Must not throw. */
  failed(error: unknown, event: E | null): void;
  /** The queue is full: the event is dropped. Must not throw. */
  overrun(event: E): void;
  /** Calls back in another turn. */
  later(callback: () => void): void;
}

/** Levels supersede each other, and what is no level comes at most once per replica: this is never reached but by a bug. */
const longestQueue = 1_000;
/** A wake takes about ten. */
const longestRun = 500;
