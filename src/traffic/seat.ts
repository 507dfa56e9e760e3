import type { Visitor } from '../core/visitor.ts';
import type { CountedSlot } from './counted-slot.ts';
import type { Refused } from './refusals.ts';
import type { Slot } from './slot.ts';

/** Whoever has a seat, as the gate speaks to them. */
export interface Occupant {
  /** Go ahead, to this slot. May be called before `admit` returns. The occupant owns one unit of the slot until it calls `done`. */
  granted(slot: Slot): void;
  /** Answer and forget. May be called before `admit` returns. */
  refused(why: Refused): void;
  /** For `why`; called rarely. After `done` it goes on describing the use that has ended, until the occupant is admitted again. */
  describe(): Visitor;
}

/** Whoever is held without asking for a unit yet. */
export interface Knocking {
  /** The app serves, and this one is not held any more. */
  served(): void;
}

export type SeatState = 'idle' | 'held' | 'in-flight';

/**
 * The gate's own record of a use. It hangs on its waiter and is used again for its next use, so a kept-alive connection costs no allocation per request.
 */
export class Seat {
  readonly occupant: Occupant;
  state: SeatState = 'idle';
  /** Counts as activity. */
  counts = true;
  /** Set while it holds a place without asking for a unit yet. */
  knocker: Knocking | null = null;
  /** Was held while the app was not awake. */
  cold = false;
  /** Goes up with every use: tells whether a remembered seat still speaks of the use that was meant. */
  use = 0;
  /** Rank among all arrivals at the gate. */
  arrival = 0;
  /** Monotonic; its time-out runs from here, also over a refused dial. */
  arrivedAtMs = 0;
  /** Monotonic; when it was last let go ahead after being held cold. */
  releasedAtMs = 0;
  slot: CountedSlot | null = null;
  /** The list that it is in. */
  list: { remove(seat: Seat): void } | null = null;
  previous: Seat | null = null;
  next: Seat | null = null;

  constructor(occupant: Occupant) {
    this.occupant = occupant;
  }
}
