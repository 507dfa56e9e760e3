import type { Admission, AdmitOptions } from './admission.ts';
import type { MutableCounters } from './counters.ts';
import type { Slot } from './slot.ts';
import type { Waiter } from './waiter.ts';

/** The gate as the HTTP connections of one port see it: an answer to one of them shows that the app speaks HTTP there. */
export class PortAdmission implements Admission {
  readonly counters: MutableCounters;
  private readonly gate: Admission;
  private readonly onAnswer: () => void;

  constructor(gate: Admission, onAnswer: () => void) {
    this.counters = gate.counters;
    this.gate = gate;
    this.onAnswer = onAnswer;
  }

  admit(waiter: Waiter, options: AdmitOptions): void {
    this.gate.admit(waiter, options);
  }

  leave(waiter: Waiter): void {
    this.gate.leave(waiter);
  }

  withdraw(waiter: Waiter): void {
    this.gate.withdraw(waiter);
  }

  redial(waiter: Waiter, slot: Slot): void {
    this.gate.redial(waiter, slot);
  }

  answered(waiter: Waiter): void {
    this.onAnswer();
    this.gate.answered(waiter);
  }

  done(waiter: Waiter, slot: Slot): void {
    this.gate.done(waiter, slot);
  }
}
