import type { Clock } from '../ports/clock.ts';
import { Seat } from './seat.ts';
import type { Waiter } from './waiter.ts';

/** Gives each use its rank among all that have come to the gate. */
export class Arrivals {
  private readonly clock: Clock;
  private count = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  seat(waiter: Waiter, counts: boolean): Seat {
    const seat = (waiter.seat ??= new Seat(waiter));
    if (seat.state !== 'idle') throw new Error('This waiter is known to the gate already.');
    seat.use += 1;
    seat.arrival = this.count += 1;
    seat.counts = counts;
    seat.knocker = null;
    seat.arrivedAtMs = this.clock.monoMs();
    return seat;
  }
}
