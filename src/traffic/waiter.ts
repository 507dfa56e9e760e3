import type { Visitor } from '../core/visitor.ts';
import type { Endpoint, RefusalKind } from '../ports/data-path.ts';
import type { Seat } from './seat.ts';

/**
 * What a connection handler (HTTP/1.1 request or TCP connection) and the gate of its app say to each other. The gate decides who waits, who goes where and who is
 * refused; the handler moves the bytes. The simulation plays handlers of its own against the real gate.
 */
export interface Waiter {
  /** Go ahead, to this slot. May be called before `admit` returns. The waiter owns one unit of the slot until it calls `done`. */
  granted(slot: Slot): void;
  /** Answer and forget. May be called before `admit` returns. */
  refused(why: Refused): void;
  /** For `why`; called rarely. After `done` it goes on describing the use that has ended, until the waiter is admitted again. */
  describe(): Visitor;
  /** The gate's own record, set by the gate at the first `admit` and used again for later ones. A class declares it as `null`; nobody else touches it. */
  seat?: Seat | null;
}

/** A connection that is held from its accept on, before it is known what it asks for. Nothing is `granted` to it while it knocks. */
export interface Knocker extends Waiter {
  /** The app serves, and this one is not held any more. */
  served(): void;
}

export interface Refused {
  readonly kind: RefusalKind;
  /** HTTP status that fits: 503 or 504. */
  readonly status: 503 | 504;
  readonly code: string;
  readonly message: string;
  readonly retryAfterS: number | null;
  readonly state: string;
  readonly output: readonly string[];
}

/** One endpoint as the gate counts it. Mutable, one object per endpoint and gate. */
export interface Slot {
  readonly endpoint: Endpoint;
  inFlight: number;
  /** False once the endpoint has left the route: what is in flight ends, idle pooled connections to it are closed, nothing new goes there. */
  live: boolean;
  /** Called when `live` turns false; the HTTP pools that have idle connections there close them. */
  readonly onRetired: Set<() => void>;
}

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

export interface MutableCounters {
  connections: number;
  requests: number;
  noWake: number;
  retries: number;
  bytesIn: number;
  bytesOut: number;
  refused: Record<RefusalKind, number>;
  /** Responses by the hundreds digit of their status; index 0 is not used. */
  responses: [number, number, number, number, number, number];
}
