import type { Knocking, Occupant, Seat } from './seat.ts';

/**
 * What a connection handler (HTTP/1.1 request or TCP connection) is to the gate of its app. The gate decides who waits, who goes where and who is refused; the
 * handler moves the bytes. The simulation plays handlers of its own against the real gate.
 */
export interface Waiter extends Occupant {
  /** The gate's own record, set by the gate at the first `admit` and used again for later ones. A class declares it as `null`; nobody else touches it. */
  seat?: Seat | null;
}

/** A connection that is held from its accept on, before it is known what it asks for. Nothing is `granted` to it while it knocks. */
export interface Knocker extends Waiter, Knocking {}
