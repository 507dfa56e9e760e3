import type { Clock } from '../ports/clock.ts';
import { Activity } from './activity.ts';
import type { CountedSlot } from './counted-slot.ts';
import type { Seat } from './seat.ts';
import { Slots } from './slots.ts';

/** The uses in flight: each has a unit of a slot, from the grant to its end. */
export class InFlight {
  readonly slots = new Slots();
  readonly activity = new Activity();
  private maxConcurrency: number;
  private readonly clock: Clock;
  private readonly now = (): number => this.clock.monoMs();

  constructor(clock: Clock, maxConcurrency: number | null) {
    this.clock = clock;
    this.maxConcurrency = maxConcurrency ?? Infinity;
  }

  /** So many units of one slot; `null` for no limit. */
  limit(maxConcurrency: number | null): void {
    this.maxConcurrency = maxConcurrency ?? Infinity;
  }

  /** A unit of the slot that has most room; `null` when none has any now. */
  take(): CountedSlot | null {
    return this.slots.take(this.maxConcurrency, this.now);
  }

  grant(seat: Seat, slot: CountedSlot): void {
    seat.state = 'in-flight';
    seat.slot = slot;
    this.activity.began(seat);
    if (seat.cold) seat.releasedAtMs = this.clock.monoMs();
    seat.occupant.granted(slot);
  }

  /** Gives the unit of a use back; true when an endpoint outside the route became vacant. */
  end(seat: Seat, slot: CountedSlot): boolean {
    this.activity.ended(seat, this.now);
    seat.state = 'idle';
    seat.slot = null;
    return this.slots.giveBack(slot);
  }
}
