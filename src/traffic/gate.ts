import type { Clock } from '../ports/clock.ts';
import type { GateCounters, GateEvents, Route, Usage } from '../ports/data-path.ts';
import type { Visitor } from '../core/visitor.ts';
import type { Admission, AdmitOptions } from './admission.ts';
import { Arrivals } from './arrivals.ts';
import { ColdStartTimer } from './cold-start.ts';
import { createCounters, snapshotCounters, type MutableCounters } from './counters.ts';
import { GateRoute } from './gate-route.ts';
import { HeldQueue } from './held-queue.ts';
import { Holding } from './holding.ts';
import type { HoldBudget } from './hold-budget.ts';
import { InFlight } from './in-flight.ts';
import { Release } from './release.ts';
import type { Seat } from './seat.ts';
import type { Slot } from './slot.ts';
import type { Knocker, Waiter } from './waiter.ts';

export interface GateLimits {
  readonly maxHeld: number;
  readonly holdTimeoutMs: number;
  /** Units of one slot; `null` for no limit. */
  readonly maxConcurrency: number | null;
}

export interface GateDeps {
  readonly clock: Clock;
  readonly observer: GateEvents;
  readonly budget: HoldBudget;
}

/**
 * The gate of one app: who waits, who goes where, who is refused. It knows no sockets. Every call takes effect before it returns, calls back synchronously, and
 * may be made from within a call-back.
 */
export class Gate implements Admission {
  readonly counters: MutableCounters = createCounters();
  private readonly clock: Clock;
  private readonly observer: GateEvents;
  private readonly coldStart = new ColdStartTimer();
  private readonly arrivals: Arrivals;
  private readonly inFlight: InFlight;
  private readonly says: GateRoute;
  private readonly queue: HeldQueue;
  private readonly holding: Holding;
  private readonly release: Release;

  constructor({ clock, observer, budget }: GateDeps, limits: GateLimits) {
    const { counters, coldStart } = this;
    this.clock = clock;
    this.observer = observer;
    this.arrivals = new Arrivals(clock);
    const inFlight = (this.inFlight = new InFlight(clock, limits.maxConcurrency));
    const says = (this.says = new GateRoute(inFlight.slots));
    const queue = (this.queue = new HeldQueue(budget));
    const parts = { clock, observer, queue, counters, coldStart, says, inFlight };
    this.release = new Release(parts, limits.holdTimeoutMs);
    this.holding = new Holding(parts, this.release, limits.maxHeld);
  }

  /** Whether new arrivals are forwarded (perhaps after a queue) rather than held for a wake, or refused. */
  get awake(): boolean {
    return this.says.awake;
  }

  /** In the words of `Drowse-State`, for one who asks without waking: while nobody is held for a wake, none is known to be under way. */
  get state(): string {
    const name = this.says.stateName;
    return name === 'waking' && this.queue.wanting === 0 ? 'asleep' : name;
  }

  /** Larger limits let more go at once; smaller ones bind those who come from now on. */
  configure(limits: GateLimits): void {
    this.inFlight.limit(limits.maxConcurrency);
    this.holding.maxHeld = limits.maxHeld;
    this.release.holdTimeoutMs = limits.holdTimeoutMs;
    this.release.run();
  }

  route(route: Route): void {
    const { slots } = this.inFlight;
    this.says.set(route);
    const vacant = slots.replace(route.mode === 'inline' ? route.endpoints : []);
    this.release.run();
    if (!this.awake) this.release.refuseUncounted();
    // Not those that a call-back has brought back meanwhile.
    for (const id of vacant) if (!slots.has(id)) this.observer.vacated(id);
  }

  /** Refuses the held and every later arrival. What is in flight goes on. */
  close(): void {
    this.says.close();
    this.release.run();
  }

  admit(waiter: Waiter, options: AdmitOptions): void {
    const seat = this.arrivals.seat(waiter, options.counts);
    if (this.queue.first === null && this.awake) {
      const slot = this.inFlight.take();
      if (slot !== null) return this.inFlight.grant(seat, slot);
    }
    this.holding.holdOrRefuse(seat);
  }

  /** Holds a connection from its accept on. On a route that forwards there is nothing to hold it for, and it is `served` at once. */
  knock(knocker: Knocker): void {
    const seat = this.arrivals.seat(knocker, true);
    seat.knocker = knocker;
    if (this.queue.first === null && this.awake) return knocker.served();
    this.holding.holdOrRefuse(seat);
  }

  /** The one that knocked is a waiter like others: it keeps its place. */
  settle(knocker: Knocker): void {
    const seat = knocker.seat;
    if (seat?.state === 'held' && seat.knocker !== null) this.holding.settle(seat);
  }

  /** The one that knocked turns out to carry uses of its own (requests): it gives its place up, and `next` admits the first of them. */
  handOver(knocker: Knocker, next: () => void): void {
    this.coldStart.keep(() => {
      const seat = knocker.seat;
      if (seat?.state === 'held') this.release.giveUp(seat);
      next();
    });
    this.release.run();
  }

  leave(waiter: Waiter): void {
    if (waiter.seat?.state === 'held') this.counters.refused.left += 1;
    this.withdraw(waiter);
  }

  withdraw(waiter: Waiter): void {
    const seat = waiter.seat;
    if (seat?.state !== 'held') return;
    this.release.remove(seat);
    this.release.run();
  }

  redial(waiter: Waiter, slot: Slot): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot !== slot) return;
    const nowMs = this.clock.monoMs();
    this.counters.retries += 1;
    const unreachable = this.inFlight.slots.strike(seat.slot, nowMs);
    const vacant = this.inFlight.end(seat, seat.slot);
    this.holding.rejoin(seat, nowMs);
    if (unreachable) this.observer.unreachable(slot.endpoint.id);
    this.afterUse(slot, vacant);
    this.holding.demandIfFirst(seat);
  }

  answered(waiter: Waiter): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot === null) return;
    if (this.inFlight.slots.answered(seat.slot)) this.release.run();
    if (!seat.cold) return;
    const times = this.coldStart.answered(seat, this.clock.monoMs());
    if (times !== null) this.observer.coldStart(times);
  }

  done(waiter: Waiter, slot: Slot): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot !== slot) return;
    const vacant = this.inFlight.end(seat, seat.slot);
    this.coldStart.gone(seat);
    this.afterUse(slot, vacant);
  }

  usage(): Usage {
    return this.inFlight.activity.usage(this.queue.wanting, this.clock.monoMs());
  }

  inFlightAt(endpointId: string): number {
    return this.inFlight.slots.inFlightAt(endpointId);
  }

  visitors(limit: number): { readonly held: readonly Visitor[]; readonly inFlight: readonly Visitor[] } {
    return {
      held: this.queue.newest(limit).map(describeSeat),
      inFlight: this.inFlight.activity.newest(limit).map(describeSeat),
    };
  }

  totals(): GateCounters {
    return snapshotCounters(this.counters, this.holding.held + this.release.knockedInVain);
  }

  private afterUse(slot: Slot, vacant: boolean): void {
    if (this.queue.first !== null) this.release.run();
    if (vacant && !this.inFlight.slots.has(slot.endpoint.id)) this.observer.vacated(slot.endpoint.id);
    if (!this.says.isInline && this.inFlight.activity.inFlight === 0) this.observer.quiet();
  }
}

function describeSeat(seat: Seat): Visitor {
  return seat.occupant.describe();
}
