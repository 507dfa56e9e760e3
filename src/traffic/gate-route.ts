import type { Failure } from '../core/failure.ts';
import type { Refusal, Route } from '../ports/data-path.ts';
import { byRoute, closing, holdTimeout, type Refused } from './refusals.ts';
import type { Slots } from './slots.ts';

/** What the route, its endpoints, and the end of the gate say to whoever comes. */
export class GateRoute {
  private mode: Route['mode'] = 'hold';
  private refusal: Refusal | null = null;
  private lastFailure: Failure | null = null;
  private closed = false;
  private readonly slots: Slots;

  constructor(slots: Slots) {
    this.slots = slots;
  }

  set(route: Route): void {
    this.mode = route.mode;
    this.refusal = route.mode === 'refuse' ? route.refusal : null;
    this.lastFailure = route.mode === 'hold' ? (route.failure ?? null) : null;
  }

  close(): void {
    this.closed = true;
  }

  /** Whether new arrivals are forwarded (perhaps after a queue) rather than held for a wake, or refused. */
  get awake(): boolean {
    return this.mode === 'inline' && !this.closed && this.slots.some;
  }

  get isInline(): boolean {
    return this.mode === 'inline';
  }

  get isRefusing(): boolean {
    return this.mode === 'refuse';
  }

  /** Whether anybody may be refused by it at all: cheap to ask. */
  get mayRefuse(): boolean {
    return this.refusal !== null || this.closed;
  }

  /** Why everybody is refused now; `null` when nobody is for that. */
  whyRefuse(nowMs: number): Refused | null {
    if (this.closed) return closing();
    return this.refusal !== null && nowMs < this.refusal.retryAtMs ? byRoute(this.refusal, nowMs) : null;
  }

  /** For one whose time to wait is over. */
  whyOverdue(holdTimeoutMs: number): Refused {
    return holdTimeout(this.stateName, holdTimeoutMs, this.lastFailure);
  }

  /** The state in the words of `Drowse-State`. */
  get stateName(): string {
    return this.refusal?.state ?? (this.awake ? 'awake' : 'waking');
  }
}
