import type { MutableCounters } from './counters.ts';
import type { Slot } from './slot.ts';
import type { Waiter } from './waiter.ts';

export interface AdmitOptions {
  /** Whether this use counts as activity (a use that matches a no-wake rule does not). */
  readonly counts: boolean;
}

/** The gate, as the handlers see it. Every call is synchronous. */
export interface Admission {
  /** Join: granted or refused at once, or later. Fires `demand` when the route holds. */
  admit(waiter: Waiter, options: AdmitOptions): void;
  /** The client left while it waited: forgotten at once. */
  leave(waiter: Waiter): void;
  /** The waiter is answered otherwise: forgotten at once, and not counted as one who left. */
  withdraw(waiter: Waiter): void;
  /** The slot refused the dial: gives its unit back and waits again, ahead of the queue. */
  redial(waiter: Waiter, slot: Slot): void;
  /** The first byte of the answer is on its way (times the cold start). */
  answered(waiter: Waiter): void;
  /** The use ended: gives the unit of the slot back. Exactly once per grant that was not given back by `redial`. */
  done(waiter: Waiter, slot: Slot): void;
  readonly counters: MutableCounters;
}
