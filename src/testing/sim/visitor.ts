import type { Visitor } from '../../core/visitor.ts';
import type { Admission, Refused, Slot, Waiter } from '../../traffic/waiter.ts';
import type { SimClock } from './clock.ts';
import type { SimHost, SimProcess } from './host.ts';
import type { SimRandom } from './random.ts';

/** `cut`: the process died under it (answered 502). `drowse-died`: Drowse was killed. Both are explicit to the client. */
export type Outcome = 'waiting' | 'in-flight' | 'served' | 'refused' | 'left' | 'cut' | 'drowse-died';

export interface VisitorOptions {
  readonly id: number;
  readonly app: string;
  readonly gate: Admission;
  readonly host: SimHost;
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly serviceMs: number;
  /** Leaves when it has waited this long; `Infinity` stays. */
  readonly patienceMs: number;
  readonly note: (what: string) => void;
}

/** One request, from a client's point of view. It moves through the real gate to a simulated process. */
export class SimVisitor implements Waiter {
  outcome: Outcome = 'waiting';
  /** How often a process was given this request. */
  deliveries = 0;
  grants = 0;
  refusal: Refused | null = null;
  readonly arrivedAtMs: number;
  endedAtMs: number | null = null;
  readonly options: VisitorOptions;
  private slot: Slot | null = null;
  private holding = false;

  constructor(options: VisitorOptions) {
    this.options = options;
    this.arrivedAtMs = options.clock.monoMs();
  }

  arrive(): void {
    const { gate, clock, patienceMs } = this.options;
    gate.admit(this, { counts: true });
    if (this.outcome === 'waiting' && Number.isFinite(patienceMs))
      clock.after(patienceMs, () => this.loseInterest());
  }

  granted(slot: Slot): void {
    this.grants += 1;
    this.slot = slot;
    this.holding = true;
    if (this.outcome !== 'waiting')
      throw new Error(`visitor ${this.options.id} was granted while ${this.outcome}`);
    this.outcome = 'in-flight';
    this.options.clock.after(this.options.random.between(0.05, 0.5), () => this.dial(slot));
  }

  refused(why: Refused): void {
    this.refusal = why;
    this.end('refused');
  }

  describe(): Visitor {
    return { client: '127.0.0.1:1', protocol: 'tcp', port: 'main', sinceMs: this.arrivedAtMs };
  }

  /** Drowse was killed: the socket is closed under the client. */
  drowseDied(): void {
    if (this.outcome === 'waiting' || this.outcome === 'in-flight') this.end('drowse-died');
  }

  private dial(slot: Slot): void {
    if (this.outcome !== 'in-flight') return;
    const address = slot.endpoint.addresses[0];
    const process = address === undefined ? undefined : this.options.host.at(address);
    if (process === undefined || process.app !== this.options.app) {
      this.outcome = 'waiting';
      this.holding = false;
      this.options.gate.redial(this, slot);
      return;
    }
    this.deliver(process);
  }

  private deliver(process: SimProcess): void {
    this.deliveries += 1;
    const cut = (why: string): void => {
      this.options.note(`visitor ${this.options.id} of ${this.options.app} cut: ${process.pid} ${why}`);
      this.finish('cut');
    };
    process.cut.add(cut);
    this.options.clock.after(this.options.serviceMs, () => {
      process.cut.delete(cut);
      if (this.outcome !== 'in-flight') return;
      this.options.gate.answered(this);
      this.finish('served');
    });
  }

  private finish(outcome: Outcome): void {
    if (this.outcome !== 'in-flight') return;
    this.end(outcome);
    if (this.slot !== null && this.holding) this.options.gate.done(this, this.slot);
    this.holding = false;
  }

  private loseInterest(): void {
    if (this.outcome !== 'waiting') return;
    this.end('left');
    this.options.gate.leave(this);
  }

  private end(outcome: Outcome): void {
    this.outcome = outcome;
    this.endedAtMs = this.options.clock.monoMs();
    this.options.note(
      `visitor ${this.options.id} of ${this.options.app}: ${outcome}${this.refusal === null ? '' : ` (${this.refusal.kind})`}`,
    );
  }
}
