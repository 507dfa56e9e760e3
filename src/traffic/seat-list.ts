import type { Seat } from './seat.ts';

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
