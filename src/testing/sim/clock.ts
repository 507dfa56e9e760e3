import type { Clock, Timer } from '../../ports/clock.ts';
import type { SimRandom } from './random.ts';

interface Pending {
  readonly atMs: number;
  /** Orders events of the same instant: drawn by chance, because nothing promises their order. */
  readonly lot: number;
  readonly serial: number;
  callback: (() => void) | null;
}

const before = (a: Pending, b: Pending): boolean =>
  a.atMs !== b.atMs ? a.atMs < b.atMs : a.lot !== b.lot ? a.lot < b.lot : a.serial < b.serial;

/** Simulated time: jumps from event to event. Whatever waits in the simulated world waits here. */
export class SimClock implements Clock {
  private nowMs = 0;
  private wallOffsetMs: number;
  private serial = 0;
  /** Binary heap. */
  private readonly heap: Pending[] = [];
  private readonly random: SimRandom;

  constructor(random: SimRandom, wallStartMs: number) {
    this.random = random;
    this.wallOffsetMs = wallStartMs;
  }

  monoMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.wallOffsetMs + this.nowMs;
  }

  jumpWall(byMs: number): void {
    this.wallOffsetMs += byMs;
  }

  /** Everything stands still for so long while the wall turns on: a slow disk, a collection of garbage. */
  stall(forMs: number): void {
    this.nowMs += forMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    if (Number.isNaN(delayMs)) throw new Error('a timer was armed with NaN');
    const pending: Pending = {
      atMs: this.nowMs + Math.max(0, delayMs),
      lot: this.random.below(4),
      serial: (this.serial += 1),
      callback,
    };
    this.push(pending);
    return {
      cancel: () => {
        pending.callback = null;
      },
    };
  }

  /**
   * Runs what is due up to and including `untilMs`, then stands there; less when `afterEach` answers false. Promises settle between any two events.
   */
  async runUntil(untilMs: number, afterEach: () => boolean): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.atMs <= untilMs; next = this.heap[0]) {
      this.pop();
      if (next.callback === null) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
      await settled();
      if (!afterEach()) return;
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private push(pending: Pending): void {
    let index = this.heap.push(pending) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || !before(pending, above)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = pending;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let index = 0;
    for (;;) {
      const smaller = this.smallerChild(index);
      const child = this.heap[smaller];
      if (child === undefined || !before(child, last)) break;
      this.heap[index] = child;
      index = smaller;
    }
    this.heap[index] = last;
  }

  private smallerChild(index: number): number {
    const left = this.heap[2 * index + 1];
    const right = this.heap[2 * index + 2];
    return left !== undefined && right !== undefined && before(right, left) ? 2 * index + 2 : 2 * index + 1;
  }
}

/** Everything that hangs on promises alone has run when this resolves. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    // oxlint-disable-next-line no-restricted-globals -- whatever is queued comes first, in its own order: nothing here is left to chance
    setImmediate(resolve);
  });
}
