import type { Clock, Timer } from '../ports/clock.ts';
import type { GateCounters, GateObserver, Route, Usage } from '../ports/data-path.ts';
import type { Visitor } from '../core/visitor.ts';
import { Activity } from './activity.ts';
import { ColdStartTimer } from './cold-start.ts';
import { createCounters, snapshotCounters } from './counters.ts';
import { GateRoute } from './gate-route.ts';
import { HeldQueue } from './held-queue.ts';
import { HeldWatch, type HeldWatchHost } from './held-watch.ts';
import type { HoldBudget } from './hold-budget.ts';
import { batchSize, Pump, type PumpHost } from './pump.ts';
import { holdTimeout, notAwake, queueFull } from './refusals.ts';
import { Seat } from './seat.ts';
import { type CountedSlot, Slots } from './slots.ts';
import type { AdmitOptions, Admission, Knocker, MutableCounters, Refused, Slot, Waiter } from './waiter.ts';

export interface GateLimits {
  readonly maxHeld: number;
  readonly holdTimeoutMs: number;
  /** Units of one slot; `null` for no limit. */
  readonly maxConcurrency: number | null;
}

export interface GateDeps {
  readonly clock: Clock;
  readonly observer: GateObserver;
  readonly budget: HoldBudget;
}

/**
 * The gate of one app: who waits, who goes where, who is refused. It knows no sockets. Every call takes effect before it returns, calls back synchronously, and
 * may be made from within a call-back.
 */
export class Gate implements Admission, PumpHost, HeldWatchHost {
  readonly counters: MutableCounters = createCounters();
  private readonly clock: Clock;
  private readonly observer: GateObserver;
  private readonly queue: HeldQueue;
  private readonly slots = new Slots();
  private readonly coldStart = new ColdStartTimer();
  private readonly activity = new Activity();
  private readonly says = new GateRoute();
  private readonly pump: Pump;
  private readonly watch: HeldWatch;
  private limits: GateLimits;
  private arrivals = 0;
  private heldEver = 0;
  /** Some slot opens again after a refused dial. */
  private reopening: Timer | null = null;

  constructor(deps: GateDeps, limits: GateLimits) {
    this.clock = deps.clock;
    this.observer = deps.observer;
    this.queue = new HeldQueue(deps.budget);
    this.pump = new Pump(deps.clock, this);
    this.watch = new HeldWatch(deps.clock, this.queue, this);
    this.limits = limits;
  }

  /** Whether new arrivals are forwarded (perhaps after a queue) rather than held for a wake, or refused. */
  get awake(): boolean {
    return this.says.forwards && this.slots.some;
  }

  /** In the words of `Drowse-State`, for one who asks without waking: while nobody is held for a wake, none is known to be under way. */
  get state(): string {
    const name = this.stateName();
    return name === 'waking' && this.queue.wanting === 0 ? 'asleep' : name;
  }

  /** Larger limits let more go at once; smaller ones bind those who come from now on. */
  configure(limits: GateLimits): void {
    this.limits = limits;
    this.watch.adjust();
    this.pump.run();
  }

  route(route: Route): void {
    this.says.set(route);
    const vacant = this.slots.replace(route.mode === 'inline' ? route.endpoints : []);
    this.pump.run();
    if (!this.awake) this.refuseHeldWithoutWake();
    for (const id of vacant) this.observer.vacated(id);
  }

  /** Refuses the held and every later arrival. What is in flight goes on. */
  close(): void {
    this.says.close();
    this.pump.run();
  }

  admit(waiter: Waiter, options: AdmitOptions): void {
    const seat = this.newUse(waiter, options.counts);
    if (this.queue.first === null && this.awake) {
      const slot = this.takeSlot();
      if (slot !== null) return this.grant(seat, slot);
    }
    this.holdOrRefuse(seat);
  }

  /** Holds a connection from its accept on. On a route that forwards there is nothing to hold it for, and it is `served` at once. */
  knock(knocker: Knocker): void {
    const seat = this.newUse(knocker, true);
    seat.knocker = knocker;
    if (this.queue.first === null && this.awake) return knocker.served();
    this.holdOrRefuse(seat);
  }

  /** The one that knocked is a waiter like others: it keeps its place. */
  settle(knocker: Knocker): void {
    const seat = knocker.seat;
    if (seat?.state !== 'held' || seat.knocker === null) return;
    seat.knocker = null;
    this.heldEver += 1;
    this.pump.run();
  }

  /** The one that knocked turns out to carry uses of its own (requests): it gives its place up, and `next` admits the first of them. */
  handOver(knocker: Knocker, next: () => void): void {
    this.coldStart.keep(() => {
      const seat = knocker.seat;
      if (seat?.state === 'held') this.unhold(seat);
      next();
    });
    this.watch.adjust();
  }

  leave(waiter: Waiter): void {
    if (waiter.seat?.state === 'held') this.counters.refused.left += 1;
    this.withdraw(waiter);
  }

  withdraw(waiter: Waiter): void {
    const seat = waiter.seat;
    if (seat?.state !== 'held') return;
    this.unhold(seat);
    this.endHold(seat);
    this.watch.adjust();
  }

  redial(waiter: Waiter, slot: Slot): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot !== slot) return;
    const nowMs = this.clock.monoMs();
    this.counters.retries += 1;
    const unreachable = this.slots.strike(seat.slot, nowMs);
    const vacant = this.vacate(seat, seat.slot);
    this.rejoin(seat, nowMs);
    if (unreachable) this.observer.unreachable(slot.endpoint.id);
    this.afterUse(slot, vacant);
    this.demandIfFirst(seat);
  }

  answered(waiter: Waiter): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot === null) return;
    if (this.slots.answered(seat.slot)) this.pump.run();
    if (!seat.cold) return;
    const times = this.coldStart.answered(seat, this.clock.monoMs());
    if (times !== null) this.observer.coldStart(times);
  }

  done(waiter: Waiter, slot: Slot): void {
    const seat = waiter.seat;
    if (seat?.state !== 'in-flight' || seat.slot !== slot) return;
    const vacant = this.vacate(seat, seat.slot);
    this.coldStart.gone(seat);
    this.afterUse(slot, vacant);
  }

  usage(): Usage {
    return this.activity.usage(this.queue.wanting, this.clock.monoMs());
  }

  inFlightAt(endpointId: string): number {
    return this.slots.inFlightAt(endpointId);
  }

  visitors(limit: number): { readonly held: readonly Visitor[]; readonly inFlight: readonly Visitor[] } {
    return {
      held: this.queue.newest(limit).map(describeSeat),
      inFlight: this.activity.newest(limit).map(describeSeat),
    };
  }

  totals(): GateCounters {
    return snapshotCounters(this.counters, this.heldEver);
  }

  private newUse(waiter: Waiter, counts: boolean): Seat {
    const seat = (waiter.seat ??= new Seat(waiter));
    if (seat.state !== 'idle') throw new Error('This waiter is known to the gate already.');
    seat.use += 1;
    seat.arrival = this.arrivals += 1;
    seat.counts = counts;
    seat.knocker = null;
    seat.arrivedAtMs = this.clock.monoMs();
    return seat;
  }

  private takeSlot(): CountedSlot | null {
    return this.slots.take(this.limits.maxConcurrency ?? Infinity, this.now);
  }

  private readonly now = (): number => this.clock.monoMs();

  private grant(seat: Seat, slot: CountedSlot): void {
    seat.state = 'in-flight';
    seat.slot = slot;
    this.activity.began(seat);
    if (seat.cold) seat.releasedAtMs = this.clock.monoMs();
    seat.waiter.granted(slot);
  }

  private holdOrRefuse(seat: Seat): void {
    const why =
      this.says.whyRefuse(seat.arrivedAtMs) ??
      (seat.counts || this.awake ? null : notAwake(this.stateName()));
    if (why !== null) return this.refuse(seat, why);
    if (!this.queue.join(seat, this.limits.maxHeld)) return this.refuse(seat, queueFull(this.stateName()));
    if (seat.knocker === null) this.heldEver += 1;
    if (!this.awake) this.coldStart.held(seat);
    this.joined(seat.arrivedAtMs);
    this.demandIfFirst(seat);
  }

  /** Back into the queue after a refused dial, if anything is left to wait for. */
  private rejoin(seat: Seat, nowMs: number): void {
    const why = this.whyNotAgain(seat, nowMs);
    if (why !== null) {
      this.coldStart.gone(seat);
      return this.refuse(seat, why);
    }
    this.queue.rejoin(seat);
    this.joined(nowMs);
  }

  private whyNotAgain(seat: Seat, nowMs: number): Refused | null {
    const { holdTimeoutMs } = this.limits;
    if (nowMs - seat.arrivedAtMs >= holdTimeoutMs) return holdTimeout(this.stateName(), holdTimeoutMs);
    return seat.counts || this.awake ? null : notAwake(this.stateName());
  }

  private joined(nowMs: number): void {
    this.watch.joined(nowMs);
    this.awaitReopening(nowMs);
  }

  /** While a refusal that is over stands, each arrival is demand: the one who set it may have stopped listening to the level. */
  private demandIfFirst(seat: Seat): void {
    if (seat.state !== 'held' || !seat.counts) return;
    if (this.queue.wanting === 1 || this.says.isRefusing) this.observer.demand(seat.waiter.describe());
  }

  private stateName(): string {
    return this.says.stateName(this.awake);
  }

  /** Takes a held seat out of the queue, to go ahead or away. */
  private unhold(seat: Seat): void {
    this.queue.remove(seat);
    if (seat.knocker !== null) this.coldStart.gone(seat);
  }

  /** What is left to do for a held seat that goes away without having been let go ahead. */
  private endHold(seat: Seat): void {
    if (seat.knocker !== null) this.heldEver += 1;
    this.coldStart.gone(seat);
  }

  private refuseHeld(seat: Seat, why: Refused): void {
    this.unhold(seat);
    this.endHold(seat);
    this.refuse(seat, why);
  }

  private refuse(seat: Seat, why: Refused): void {
    if (seat.counts) this.counters.refused[why.kind] += 1;
    seat.waiter.refused(why);
  }

  private refuseHeldWithoutWake(): void {
    if (this.queue.size === this.queue.wanting) return;
    const all = [...this.queue.inOrder()].filter((seat) => !seat.counts);
    for (const seat of all) if (seat.state === 'held') this.refuseHeld(seat, notAwake(this.stateName()));
    this.watch.adjust();
  }

  /** Gives the unit of a use back; true when an endpoint outside the route became vacant. */
  private vacate(seat: Seat, slot: CountedSlot): boolean {
    this.activity.ended(seat, this.now);
    seat.state = 'idle';
    seat.slot = null;
    return this.slots.giveBack(slot);
  }

  private afterUse(slot: Slot, vacant: boolean): void {
    if (this.queue.first !== null) this.pump.run();
    if (vacant) this.observer.vacated(slot.endpoint.id);
    if (!this.says.isInline && this.activity.inFlight === 0) this.observer.quiet();
  }

  // For the pump and the watch of the held.

  serveFirst(): boolean {
    const seat = this.queue.first;
    return seat !== null && this.serve(seat);
  }

  pumped(): void {
    this.awaitReopening(this.clock.monoMs());
    this.watch.adjust();
  }

  demandAgain(seat: Seat): void {
    this.observer.demand(seat.waiter.describe());
  }

  get holdTimeoutMs(): number {
    return this.limits.holdTimeoutMs;
  }

  refuseOverdue(nowMs: number): void {
    const { holdTimeoutMs } = this.limits;
    for (let count = 0; count < batchSize; count += 1) {
      const seat = this.queue.overdue(nowMs, holdTimeoutMs);
      if (seat === null) return;
      this.refuseHeld(seat, holdTimeout(this.stateName(), holdTimeoutMs));
    }
  }

  /** False when this one, and so everybody behind it, has to go on waiting. */
  private serve(seat: Seat): boolean {
    const why = this.says.mayRefuse ? this.says.whyRefuse(this.clock.monoMs()) : null;
    if (why !== null) {
      this.refuseHeld(seat, why);
      return true;
    }
    if (!this.awake) return false;
    if (seat.knocker !== null) {
      this.unhold(seat);
      seat.knocker.served();
      return true;
    }
    const slot = this.takeSlot();
    if (slot === null) return false;
    this.unhold(seat);
    this.grant(seat, slot);
    return true;
  }

  private awaitReopening(nowMs: number): void {
    if (this.reopening !== null || this.queue.first === null || !this.awake) return;
    const atMs = this.slots.opensAtMs(nowMs);
    if (atMs === Infinity) return;
    this.reopening = this.clock.after(Math.max(1, atMs - nowMs), () => {
      this.reopening = null;
      this.pump.run();
    });
  }
}

function describeSeat(seat: Seat): Visitor {
  return seat.waiter.describe();
}
