import type { Endpoint } from '../ports/data-path.ts';

/** One endpoint as the gate counts it. Mutable, one object per endpoint and gate. */
export interface Slot {
  readonly endpoint: Endpoint;
  inFlight: number;
  /** False once the endpoint has left the route: what is in flight ends, idle pooled connections to it are closed, nothing new goes there. */
  live: boolean;
  /** Called when `live` turns false; the HTTP pools that have idle connections there close them. */
  readonly onRetired: Set<() => void>;
}
