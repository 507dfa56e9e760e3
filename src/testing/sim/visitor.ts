import type { Visitor } from '../../core/visitor.ts';
import type { Gate } from '../../traffic/gate.ts';
import type { Seat } from '../../traffic/seat.ts';
import type { Refused } from '../../traffic/refusals.ts';
import type { Slot } from '../../traffic/slot.ts';
import type { Knocker } from '../../traffic/waiter.ts';
import type { SimClock } from './clock.ts';
import type { SimHost } from './host.ts';
import type { Life } from './mortal.ts';
import type { SimProcess } from './process.ts';
import type { SimRandom } from './random.ts';

/** `cut`: the process, or Drowse's patience with a closing app, ended under it. `drowse-died`: Drowse was killed. Both are explicit to the client. */
export type Outcome = 'waiting' | 'in-flight' | 'served' | 'refused' | 'left' | 'cut' | 'drowse-died';

export interface VisitorOptions {
  readonly id: number;
  readonly app: string;
  readonly gate: Gate;
  readonly life: Life;
  readonly host: SimHost;
  readonly clock: SimClock;
  readonly random: SimRandom;
  /** From the delivery to the end of the answer. */
  readonly serviceMs: number;
  /** Leaves when it has been here this long; `Infinity` stays. */
  readonly patienceMs: number;
  /** False: a probe that matches a no-wake rule. */
  readonly counts: boolean;
  /** Accepted, and then known to be one use (`settle`) or several (`hand-over`); `null` is known at once. */
  readonly knock: 'settle' | 'hand-over' | null;
  readonly observer: VisitorObserver;
}

export interface VisitorObserver {
  granted(visitor: SimVisitor): void;
  /** The use is over, or was sent back to wait. */
  released(visitor: SimVisitor): void;
  delivered(visitor: SimVisitor, to: SimProcess | 'stranger'): void;
  ended(visitor: SimVisitor): void;
}

/** One request, from a client's point of view. It moves through the real gate to a simulated process. */
export class SimVisitor implements Knocker {
  outcome: Outcome = 'waiting';
  /** How often a process was given this request. */
  deliveries = 0;
  grants = 0;
  refusal: Refused | null = null;
  /** Since when the gate counts its hold time. */
  waitingSinceMs: number;
  seat: Seat | null = null;
  readonly options: VisitorOptions;
  private slot: Slot | null = null;
  private process: SimProcess | null = null;
  private knocking = false;

  constructor(options: VisitorOptions) {
    this.options = options;
    this.waitingSinceMs = options.clock.monoMs();
  }

  get isOpen(): boolean {
    return this.outcome === 'waiting' || this.outcome === 'in-flight';
  }

  arrive(): void {
    const { clock, patienceMs, knock } = this.options;
    if (knock === null) this.admit();
    else this.knock(knock);
    if (this.isOpen && Number.isFinite(patienceMs)) clock.after(patienceMs, () => this.loseInterest());
  }

  granted(slot: Slot): void {
    if (this.options.life.over) return;
    if (this.outcome !== 'waiting')
      throw new Error(`visitor ${this.options.id} was granted while ${this.outcome}`);
    this.grants += 1;
    this.slot = slot;
    this.outcome = 'in-flight';
    this.options.observer.granted(this);
    this.options.clock.after(this.options.random.between(0.05, 0.5), () => this.dial(slot));
  }

  refused(why: Refused): void {
    if (this.options.life.over) return;
    if (this.outcome !== 'waiting')
      throw new Error(`visitor ${this.options.id} was refused while ${this.outcome}`);
    this.refusal = why;
    this.end('refused');
  }

  /** It knocked, and the app serves. */
  served(): void {
    if (this.options.life.over || !this.knocking) return;
    this.knocking = false;
    this.admit();
  }

  describe(): Visitor {
    return { client: '127.0.0.1:1', protocol: 'tcp', port: 'main', sinceMs: this.waitingSinceMs };
  }

  /** Its connection was destroyed: Drowse died, or closes. */
  destroyed(outcome: 'drowse-died' | 'cut'): void {
    if (this.isOpen) this.finish(outcome);
  }

  private admit(): void {
    this.waitingSinceMs = this.options.clock.monoMs();
    this.options.gate.admit(this, { counts: this.options.counts });
  }

  private knock(then: 'settle' | 'hand-over'): void {
    const { gate, clock, random } = this.options;
    this.knocking = true;
    gate.knock(this);
    if (!this.knocking) return;
    clock.after(random.between(0.1, 40), () => {
      if (!this.knocking || this.outcome !== 'waiting') return;
      this.knocking = false;
      if (then === 'settle') gate.settle(this);
      else gate.handOver(this, () => this.admit());
    });
  }

  private dial(slot: Slot): void {
    if (this.outcome !== 'in-flight') return;
    const address = slot.endpoint.addresses[0];
    const reached = address === undefined ? null : this.options.host.dial(address);
    if (reached === null) return this.dialAgain(slot);
    this.deliveries += 1;
    this.options.observer.delivered(this, reached);
    if (reached !== 'stranger') this.beServed(reached);
  }

  private dialAgain(slot: Slot): void {
    this.outcome = 'waiting';
    this.slot = null;
    this.options.observer.released(this);
    this.options.gate.redial(this, slot);
  }

  private beServed(process: SimProcess): void {
    const { id, counts, clock, serviceMs, random, gate } = this.options;
    this.process = process;
    process.lastDeliveryAtMs = clock.monoMs();
    process.connected.set(id, { counts, cut: () => this.finish('cut') });
    clock.after(serviceMs * random.between(0.1, 0.9), () => {
      if (this.outcome === 'in-flight') gate.answered(this);
    });
    clock.after(serviceMs, () => {
      if (this.outcome === 'in-flight') this.finish('served');
    });
  }

  private loseInterest(): void {
    if (this.outcome === 'in-flight') return this.finish('left');
    if (this.outcome !== 'waiting') return;
    this.end('left');
    this.options.gate.leave(this);
  }

  private finish(outcome: Outcome): void {
    const { slot } = this;
    this.process?.connected.delete(this.options.id);
    if (this.outcome === 'in-flight') this.options.observer.released(this);
    this.end(outcome);
    this.slot = null;
    if (slot !== null && !this.options.life.over) this.options.gate.done(this, slot);
  }

  private end(outcome: Outcome): void {
    this.outcome = outcome;
    this.options.observer.ended(this);
  }
}
