import type { Visitor } from '../core/visitor.ts';
import type { Usage } from '../ports/data-path.ts';
import { lastOf } from './held-queue.ts';
import type { Seat } from './seat.ts';
import { SeatList } from './seat-list.ts';

/** The uses in flight, and when there was one last: what idleness is judged by. A use that does not count is in flight, and no activity. */
export class Activity {
  private readonly seats = new SeatList();
  private counted = 0;
  private lastUseAtMs: number | null = null;
  private lastSeat: Seat | null = null;
  /** The use of that seat which was meant. */
  private lastSeatUse = 0;

  get inFlight(): number {
    return this.counted;
  }

  began(seat: Seat): void {
    this.seats.append(seat);
    if (!seat.counts) return;
    this.counted += 1;
    this.lastSeat = seat;
    this.lastSeatUse = seat.use;
  }

  ended(seat: Seat, nowMs: () => number): void {
    this.seats.remove(seat);
    if (!seat.counts) return;
    this.counted -= 1;
    if (this.counted === 0) this.lastUseAtMs = nowMs();
  }

  usage(held: number, nowMs: number): Usage {
    return {
      held,
      inFlight: this.counted,
      lastUseAtMs: this.counted > 0 ? nowMs : this.lastUseAtMs,
      lastUse: this.lastVisitor(),
      covered: true,
      measuredAtMs: nowMs,
    };
  }

  /** The newest, newest last. */
  newest(limit: number): Seat[] {
    return lastOf(this.seats, limit);
  }

  /** `null` once its connection carries another use. */
  private lastVisitor(): Visitor | null {
    const seat = this.lastSeat;
    return seat !== null && seat.use === this.lastSeatUse ? seat.occupant.describe() : null;
  }
}
