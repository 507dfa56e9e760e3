import type { HoldBudget } from './hold-budget.ts';
import type { Seat } from './seat.ts';
import { SeatList } from './seat-list.ts';

/** Those who are held by one gate, first come, first served; those whose dial was refused wait ahead of the others. */
export class HeldQueue {
  private readonly budget: HoldBudget;
  private readonly returned = new SeatList();
  private readonly waiting = new SeatList();
  private all = 0;
  private wantingNow = 0;

  constructor(budget: HoldBudget) {
    this.budget = budget;
  }

  get size(): number {
    return this.all;
  }

  /** Those of them whose use counts: the demand. */
  get wanting(): number {
    return this.wantingNow;
  }

  get first(): Seat | null {
    return this.returned.first ?? this.waiting.first;
  }

  /** False, and nothing changed, when the gate's places or those of the process are all taken. */
  join(seat: Seat, limit: number): boolean {
    if (this.all >= limit || !this.budget.take()) return false;
    this.waiting.append(seat);
    this.count(seat);
    return true;
  }

  /** Back ahead of the queue, in the order of arrival. Never refused for want of a place: it had one. */
  rejoin(seat: Seat): void {
    this.budget.takeAnyway();
    this.returned.insertByArrival(seat);
    this.count(seat);
  }

  remove(seat: Seat): void {
    seat.list?.remove(seat);
    seat.state = 'idle';
    this.budget.giveBack();
    this.all -= 1;
    if (seat.counts) this.wantingNow -= 1;
  }

  /** When the first of the held arrived; `Infinity` when nobody is held. */
  oldestMs(): number {
    return Math.min(
      this.returned.first?.arrivedAtMs ?? Infinity,
      this.waiting.first?.arrivedAtMs ?? Infinity,
    );
  }

  /** One who has been held for so long. Computed as the due time of it is: the same sum, or rounding would have the timer fire for nobody, over and over. */
  overdue(nowMs: number, holdTimeoutMs: number): Seat | null {
    for (const { first } of [this.returned, this.waiting]) {
      if (first !== null && first.arrivedAtMs + holdTimeoutMs <= nowMs) return first;
    }
    return null;
  }

  firstWanting(): Seat | null {
    for (const seat of this.inOrder()) if (seat.counts) return seat;
    return null;
  }

  *inOrder(): Generator<Seat> {
    for (const list of [this.returned, this.waiting]) {
      for (let seat = list.first; seat !== null; seat = seat.next) yield seat;
    }
  }

  /** The newest, newest last. */
  newest(limit: number): Seat[] {
    const waiting = lastOf(this.waiting, limit);
    return [...lastOf(this.returned, limit - waiting.length), ...waiting];
  }

  private count(seat: Seat): void {
    seat.state = 'held';
    this.all += 1;
    if (seat.counts) this.wantingNow += 1;
  }
}

/** The last `limit` of a list, in its order. */
export function lastOf(list: SeatList, limit: number): Seat[] {
  const found: Seat[] = [];
  for (let seat = list.last; seat !== null && found.length < limit; seat = seat.previous) found.push(seat);
  return found.toReversed();
}
