import type { Address, AppSpec, PortAddress } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import type { Visitor } from '../core/visitor.ts';

/** The data path as the control loop sees it: one gate per app. */
export interface DataPath {
  /** Binds every port of the app. Rejects with `ListenError` when one cannot be bound; the others are then unbound again. Starts on route `hold`. */
  open(app: AppSpec, observer: GateObserver): Promise<GateHandle>;
}

export class ListenError extends Error {
  readonly address: Address;
  readonly code: string;
  constructor(address: Address, code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.address = address;
    this.code = code;
  }
}

export interface GateHandle {
  /**
   * True when it has taken effect: from then on new arrivals follow the new route, and those held are released or refused by it. False where others have to follow first; `routed` of the
   * observer tells when they have. Asked again for the same, it tells again.
   */
  route(route: Route): boolean;
  usage(): Usage;
  /** Uses in flight at one endpoint, also when it is no longer part of the route. */
  inFlightAt(endpointId: string): number;
  /** Everybody held and in flight now, newest last, at most `limit`. Not on the hot path. */
  visitors(limit: number): { readonly held: readonly Visitor[]; readonly inFlight: readonly Visitor[] };
  counters(): GateCounters;
  /** Applies changed ports and limits without dropping a connection. */
  update(app: AppSpec): Promise<void>;
  /** Stops listening, refuses the held, lets what is in flight finish for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export type Route =
  /** Hold new arrivals and call `demand`. `failure`: of the last attempt to start, where there has been one, for those whose time runs out. */
  | { readonly mode: 'hold'; readonly failure?: Failure }
  /** Forward to these endpoints; with none of them, hold. */
  | { readonly mode: 'inline'; readonly endpoints: readonly Endpoint[] }
  /** Answer 503 with the refusal (HTTP) or close (TCP). `demand` is called for each arrival once `retryAtMs` has passed, and then they are held. */
  | { readonly mode: 'refuse'; readonly refusal: Refusal };

export interface Endpoint {
  readonly id: string;
  /** Where it serves the ports that it knows. */
  readonly addresses: readonly PortAddress[];
}

export interface Refusal {
  /** The state put into the `Drowse-State` header. */
  readonly state: 'failed' | 'asleep';
  readonly code: string;
  readonly message: string;
  readonly failure: Failure | null;
  /** Monotonic; `Retry-After` is computed from it. `Infinity`: never by itself. */
  readonly retryAtMs: number;
}

/** A level. */
export interface Usage {
  readonly held: number;
  /** Requests (HTTP/1.1) and open connections (anything else) being served. An idle kept-alive HTTP connection is none. */
  readonly inFlight: number;
  /** Monotonic end of the last use (now, while there is one); `null` when there was none yet. Uses that match a no-wake rule do not count. */
  readonly lastUseAtMs: number | null;
  readonly lastUse: Visitor | null;
  /** Whether all use of all replicas is seen. On one machine it always is: nobody comes in but through the gate. */
  readonly covered: boolean;
  /** Monotonic: what came later is told later. */
  readonly measuredAtMs: number;
}

/** What happens at a gate. */
export interface GateEvents {
  /**
   * Somebody is held (or arrived while refusing is over): called synchronously at the first, again for each new arrival while nobody else was held, and
   * each second for as long as anybody is held.
   */
  demand(visitor: Visitor): void;
  /** The route is not `inline` and the last use in flight has ended. */
  quiet(): void;
  /** An endpoint that is no longer in the route has nothing in flight any more. Called once per endpoint and removal. */
  vacated(endpointId: string): void;
  /** A dial was refused though the endpoint is in the route: the platform may not have noticed its death yet. */
  unreachable(endpointId: string): void;
  /** The first answer byte went to the first use that was held for this wake. Monotonic times. */
  coldStart(times: ColdStartTimes): void;
}

export interface GateObserver extends GateEvents {
  /** A route for which `route` could not vouch is in force, or, told without having been asked for, is what is in force now. */
  routed(mode: Route['mode']): void;
}

export interface ColdStartTimes {
  readonly heldAtMs: number;
  readonly releasedAtMs: number;
  readonly firstByteAtMs: number;
}

/** Totals since the gate was opened. */
export interface GateCounters {
  readonly connections: number;
  readonly requests: number;
  readonly held: number;
  readonly refused: Readonly<Record<RefusalKind, number>>;
  readonly noWake: number;
  readonly retries: number;
  readonly responses: {
    readonly '1xx': number;
    readonly '2xx': number;
    readonly '3xx': number;
    readonly '4xx': number;
    readonly '5xx': number;
  };
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export type RefusalKind =
  'bad-request' | 'queue-full' | 'hold-timeout' | 'wake-failed' | 'upstream-failed' | 'left' | 'closing';
