import type { CountedSlot } from './slots.ts';
import type { Knocker, Waiter } from './waiter.ts';

export type SeatState = 'idle' | 'held' | 'in-flight';

/**
 * The gate's own record of a waiter. It hangs on the waiter and is used again for its next use, so a kept-alive connection costs no allocation per request.
 */
export class Seat {
  readonly waiter: Waiter;
  state: SeatState = 'idle';
  /** Counts as activity. */
  counts = true;
  /** Set while it holds a place without asking for a unit yet. */
  knocker: Knocker | null = null;
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
  list: SeatList | null = null;
  previous: Seat | null = null;
  next: Seat | null = null;

  constructor(waiter: Waiter) {
    this.waiter = waiter;
  }
}

/** A doubly linked list through the seats themselves: O(1) to leave from anywhere, nothing allocated. */
export class SeatList {
  first: Seat | null = null;
  last: Seat | null = null;

  /** Puts the seat behind `after`; `null` puts it first. */
  insert(seat: Seat, after: Seat | null): void {
    const before = after === null ? this.first : after.next;
    seat.list = this;
    seat.previous = after;
    seat.next = before;
    if (after === null) this.first = seat;
    else after.next = seat;
    if (before === null) this.last = seat;
    else before.previous = seat;
  }

  append(seat: Seat): void {
    this.insert(seat, this.last);
  }

  /** Keeps the list in the order of arrival. Those who come back come back nearly in order, so the search from the end is short. */
  insertByArrival(seat: Seat): void {
    let after = this.last;
    while (after !== null && after.arrival > seat.arrival) after = after.previous;
    this.insert(seat, after);
  }

  remove(seat: Seat): void {
    if (seat.list !== this) return;
    if (seat.previous === null) this.first = seat.next;
    else seat.previous.next = seat.next;
    if (seat.next === null) this.last = seat.previous;
    else seat.next.previous = seat.previous;
    seat.list = null;
    seat.previous = null;
    seat.next = null;
  }
}
