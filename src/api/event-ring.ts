import type { StatusChange } from './ports.ts';

export interface RecordedChange {
  readonly sequence: number;
  readonly atWallMs: number;
  readonly change: StatusChange;
}

/**
 * The newest changes, so that a client which was cut off resumes without a gap. An id names the instance too: after a restart of Drowse an old id is
 * recognised as one that cannot be resumed.
 */
export class EventRing {
  readonly #instance: string;
  readonly #capacity: number;
  readonly #changes: RecordedChange[] = [];
  readonly #followers = new Set<(recorded: RecordedChange) => void>();
  #last = 0;

  constructor(instance: string, capacity: number) {
    this.#instance = instance;
    this.#capacity = capacity;
  }

  record(change: StatusChange, atWallMs: number): RecordedChange {
    this.#last += 1;
    const recorded = { sequence: this.#last, atWallMs, change };
    this.#changes.push(recorded);
    if (this.#changes.length > this.#capacity) this.#changes.shift();
    for (const follower of this.#followers) follower(recorded);
    return recorded;
  }

  /** Calls back for each new change until the returned function is called. */
  follow(follower: (recorded: RecordedChange) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** The id of the newest change, also when there is none yet. */
  get lastId(): string {
    return this.idOf(this.#last);
  }

  idOf(sequence: number): string {
    return `${this.#instance}-${sequence}`;
  }

  /** What came after this id; `null` when some of it is not known any more. */
  since(id: string): readonly RecordedChange[] | null {
    const split = id.lastIndexOf('-');
    const digits = id.slice(split + 1);
    if (id.slice(0, Math.max(0, split)) !== this.#instance || !/^\d{1,15}$/.test(digits)) return null;
    const sequence = Number(digits);
    const oldest = this.#last - this.#changes.length;
    if (sequence < oldest || sequence > this.#last) return null;
    return this.#changes.slice(sequence - oldest);
  }
}
