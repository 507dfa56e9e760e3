import type { Refusal, Route } from '../ports/data-path.ts';
import { byRoute, closing } from './refusals.ts';
import type { Refused } from './waiter.ts';

/** What the route, and the end of the gate, say to whoever comes. */
export class GateRoute {
  private mode: Route['mode'] = 'hold';
  private refusal: Refusal | null = null;
  private closed = false;

  set(route: Route): void {
    this.mode = route.mode;
    this.refusal = route.mode === 'refuse' ? route.refusal : null;
  }

  close(): void {
    this.closed = true;
  }

  get forwards(): boolean {
    return this.mode === 'inline' && !this.closed;
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

  /** The state in the words of `Drowse-State`. */
  stateName(awake: boolean): string {
    return this.refusal?.state ?? (awake ? 'awake' : 'waking');
  }
}
