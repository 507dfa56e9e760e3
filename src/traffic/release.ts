import type { Clock } from '../ports/clock.ts';
import type { GateEvents } from '../ports/data-path.ts';
import type { ColdStartTimer } from './cold-start.ts';
import type { MutableCounters } from './counters.ts';
import type { GateRoute } from './gate-route.ts';
import type { HeldQueue } from './held-queue.ts';
import { HeldWatch, type HeldWatchHost } from './held-watch.ts';
import type { InFlight } from './in-flight.ts';
import { batchSize, Pump, type PumpHost } from './pump.ts';
import { notAwake, type Refused } from './refusals.ts';
import { Reopening } from './reopening.ts';
import type { Seat } from './seat.ts';

export interface GateParts {
  readonly clock: Clock;
  readonly observer: GateEvents;
  readonly queue: HeldQueue;
  readonly counters: MutableCounters;
  readonly coldStart: ColdStartTimer;
  readonly says: GateRoute;
  readonly inFlight: InFlight;
}

/** How the held stop being held: there is room for them, their time is over, or the route refuses them. */
export class Release implements PumpHost, HeldWatchHost {
  holdTimeoutMs: number;
  /** Of those who have gone, how many never asked for a unit. */
  knockedInVain = 0;
  private readonly parts: GateParts;
  private readonly pump: Pump;
  private readonly watch: HeldWatch;
  private readonly reopening: Reopening;

  constructor(parts: GateParts, holdTimeoutMs: number) {
    this.parts = parts;
    this.holdTimeoutMs = holdTimeoutMs;
    this.pump = new Pump(parts.clock, this);
    this.watch = new HeldWatch(parts.clock, parts.queue, this);
    this.reopening = new Reopening(parts.clock, parts.inFlight.slots, () => this.run());
  }

  /** Lets go, or refuses, whoever need not wait any more: after anything that may have changed who that is. */
  run(): void {
    this.pump.run();
  }

  /** Somebody has joined the queue. */
  joined(nowMs: number): void {
    this.watch.joined(nowMs);
    this.awaitReopening(nowMs);
  }

  /** Takes out one that comes back as another, or is held no more. */
  giveUp(seat: Seat): void {
    this.parts.queue.remove(seat);
    this.parts.coldStart.gone(seat);
  }

  /** Takes out one that goes away without having been let go ahead. */
  remove(seat: Seat): void {
    this.giveUp(seat);
    if (seat.knocker !== null) this.knockedInVain += 1;
  }

  refuse(seat: Seat, why: Refused): void {
    if (seat.counts) this.parts.counters.refused[why.kind] += 1;
    seat.occupant.refused(why);
  }

  /** Those who must not wake the app, on a route that does not forward. */
  refuseUncounted(): void {
    const { queue, says } = this.parts;
    if (queue.size === queue.wanting) return;
    const all = [...queue.inOrder()];
    for (const seat of all) {
      // Whoever is refused may come back as one who counts, and the route may change by that.
      if (says.awake) break;
      if (seat.state === 'held' && !seat.counts) this.refuseHeld(seat, notAwake(says.stateName));
    }
    this.watch.adjust();
  }

  private refuseHeld(seat: Seat, why: Refused): void {
    this.remove(seat);
    this.refuse(seat, why);
  }

  // For the watch of the held.

  demandAgain(seat: Seat): void {
    this.parts.observer.demand(seat.occupant.describe());
  }

  refuseOverdue(nowMs: number): void {
    const { queue, says } = this.parts;
    for (let count = 0; count < batchSize; count += 1) {
      const seat = queue.overdue(nowMs, this.holdTimeoutMs);
      if (seat === null) break;
      this.refuseHeld(seat, says.whyOverdue(this.holdTimeoutMs));
    }
    this.run();
  }

  // For the pump.

  serveFirst(): boolean {
    const seat = this.parts.queue.first;
    return seat !== null && this.serve(seat);
  }

  pumped(): void {
    this.awaitReopening(this.parts.clock.monoMs());
    this.watch.adjust();
  }

  /** False when this one, and so everybody behind it, has to go on waiting. */
  private serve(seat: Seat): boolean {
    const { says, clock } = this.parts;
    const why = says.mayRefuse ? says.whyRefuse(clock.monoMs()) : null;
    if (why !== null) this.refuseHeld(seat, why);
    else if (!says.awake) return false;
    else if (seat.knocker === null) return this.grant(seat);
    else {
      this.giveUp(seat);
      seat.knocker.served();
    }
    return true;
  }

  private grant(seat: Seat): boolean {
    const { queue, inFlight } = this.parts;
    const slot = inFlight.take();
    if (slot === null) return false;
    queue.remove(seat);
    inFlight.grant(seat, slot);
    return true;
  }

  private awaitReopening(nowMs: number): void {
    if (this.parts.queue.first !== null && this.parts.says.awake) this.reopening.await(nowMs);
  }
}
