import type { Visitor } from '../core/visitor.ts';
import type { ColdStartTimes, Endpoint, GateEvents } from '../ports/data-path.ts';
import type { Seat } from '../traffic/seat.ts';
import type { Admission } from '../traffic/admission.ts';
import type { Refused } from '../traffic/refusals.ts';
import type { Slot } from '../traffic/slot.ts';
import type { Knocker } from '../traffic/waiter.ts';

/** A use that moves no bytes: it records what the gate says to it. */
export class FakeWaiter implements Knocker {
  readonly name: string;
  state: 'new' | 'held' | 'in-flight' | 'refused' | 'left' | 'done' | 'served' = 'new';
  slot: Slot | null = null;
  why: Refused | null = null;
  grants = 0;
  seat: Seat | null = null;
  onGranted: (() => void) | null = null;
  onRefused: (() => void) | null = null;
  private readonly gate: Admission;

  constructor(gate: Admission, name: string) {
    this.gate = gate;
    this.name = name;
  }

  arrive(counts = true): this {
    this.state = 'held';
    this.gate.admit(this, { counts });
    return this;
  }

  granted(slot: Slot): void {
    if (this.state !== 'held') throw new Error(`${this.name} was granted while ${this.state}`);
    this.state = 'in-flight';
    this.slot = slot;
    this.grants += 1;
    this.onGranted?.();
  }

  refused(why: Refused): void {
    if (this.state !== 'held') throw new Error(`${this.name} was refused while ${this.state}`);
    this.state = 'refused';
    this.why = why;
    this.onRefused?.();
  }

  served(): void {
    if (this.state !== 'held') throw new Error(`${this.name} was served while ${this.state}`);
    this.state = 'served';
  }

  leave(): void {
    this.state = 'left';
    this.gate.leave(this);
  }

  redial(): void {
    const slot = this.given();
    this.state = 'held';
    this.gate.redial(this, slot);
  }

  done(): void {
    const slot = this.given();
    this.state = 'done';
    this.gate.done(this, slot);
  }

  describe(): Visitor {
    return { client: this.name, protocol: 'tcp', port: 'main', sinceMs: 0 };
  }

  private given(): Slot {
    const { slot } = this;
    if (slot === null) throw new Error(`${this.name} has no slot`);
    this.slot = null;
    return slot;
  }
}

/** Writes down what the gate reports. */
export class RecordingObserver implements GateEvents {
  readonly events: string[] = [];
  readonly coldStarts: ColdStartTimes[] = [];
  onDemand: (() => void) | null = null;

  demand(visitor: Visitor): void {
    this.events.push(`demand ${visitor.client}`);
    this.onDemand?.();
  }

  quiet(): void {
    this.events.push('quiet');
  }

  vacated(endpointId: string): void {
    this.events.push(`vacated ${endpointId}`);
  }

  unreachable(endpointId: string): void {
    this.events.push(`unreachable ${endpointId}`);
  }

  coldStart(times: ColdStartTimes): void {
    this.coldStarts.push(times);
  }

  /** What was reported since the last call. */
  take(): string[] {
    return this.events.splice(0);
  }
}

export function endpoint(id: string, port = 1): Endpoint {
  return { id, addresses: [{ portName: 'main', host: '127.0.0.1', port }] };
}
