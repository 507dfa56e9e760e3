import type { Failure } from '../core/failure.ts';
import type { UseLevel } from '../core/policy/types.ts';
import type { Endpoint, GateHandle, Refusal, Route } from '../ports/data-path.ts';
import type { Replica } from '../ports/platform.ts';

/** What the handover asked for last. */
export type Asked =
  | { readonly mode: 'hold' }
  | { readonly mode: 'inline' }
  | { readonly mode: 'refuse'; readonly failure: Failure; readonly retryAtMs: number };

/**
 * Keeps the gate of one app on the route that follows from four levels: what the handover asked for, which replicas serve, whether a schedule refuses
 * visitors for now, and what the last attempt to start it failed for. Without a gate (its ports are not bound yet) the route takes effect when there is one.
 */
export class Routing {
  #gate: GateHandle | null = null;
  #asked: Asked = { mode: 'hold' };
  #refusal: Refusal | null = null;
  #lastFailure: Failure | null = null;
  #endpoints: readonly Endpoint[] = [];
  #applied: Route = { mode: 'hold' };

  get gate(): GateHandle | null {
    return this.#gate;
  }

  use(): UseLevel & { readonly measuredAtMs: number } {
    // Without bound ports there is no way in: that nobody uses the app is known, and is so until there are.
    if (this.#gate === null)
      return { inFlight: 0, held: 0, lastUseAtMs: null, covered: true, measuredAtMs: Infinity };
    return this.#gate.usage();
  }

  /** A gate starts on `hold`. */
  attach(gate: GateHandle): void {
    this.#gate = gate;
    this.#applied = { mode: 'hold' };
    this.#apply();
  }

  /** The handover asserts again what it has not seen to work: told to the gate each time. True when it is in force; otherwise the gate tells. */
  ask(asked: Asked): boolean {
    this.#asked = asked;
    return this.#apply(true);
  }

  /** Goes before what was asked for, except where replicas serve already. */
  refuse(refusal: Refusal | null): void {
    this.#refusal = refusal;
    this.#apply();
  }

  /** Those that are held while it is tried again are told of it, should their time run out. */
  startFailed(failure: Failure | null): void {
    this.#lastFailure = failure;
    this.#apply();
  }

  observed(replicas: readonly Replica[]): void {
    this.#endpoints = replicas
      .filter(({ phase }) => phase === 'serving')
      .map(({ id, addresses }) => ({ id, addresses }));
    this.#apply();
  }

  #apply(again = false): boolean {
    const route = this.#route();
    if (this.#gate === null || (!again && sameRoute(route, this.#applied))) return true;
    this.#applied = route;
    return this.#gate.route(route);
  }

  #route(): Route {
    const asked = this.#asked;
    if (asked.mode === 'inline') return { mode: 'inline', endpoints: this.#endpoints };
    if (this.#refusal !== null) return { mode: 'refuse', refusal: this.#refusal };
    if (asked.mode === 'hold') return this.#hold();
    const { failure, retryAtMs } = asked;
    const { code, message } = failure;
    return { mode: 'refuse', refusal: { state: 'failed', code, message, failure, retryAtMs } };
  }

  #hold(): Route {
    return { mode: 'hold', ...(this.#lastFailure !== null && { failure: this.#lastFailure }) };
  }
}

function sameRoute(a: Route, b: Route): boolean {
  if (a.mode === 'inline' && b.mode === 'inline') return sameEndpoints(a.endpoints, b.endpoints);
  if (a.mode === 'refuse' && b.mode === 'refuse') return sameRefusal(a.refusal, b.refusal);
  if (a.mode === 'hold' && b.mode === 'hold') return a.failure === b.failure;
  return false;
}

function sameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  return a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);
}

function sameRefusal(a: Refusal, b: Refusal): boolean {
  const same = a.state === b.state && a.failure === b.failure && a.message === b.message;
  // The end of a refusal is computed from the wall clock each time.
  return same && (a.retryAtMs === b.retryAtMs || Math.abs(a.retryAtMs - b.retryAtMs) < sameInstantMs);
}

const sameInstantMs = 50;
