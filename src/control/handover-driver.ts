import { initial, step } from '../core/handover/handover.ts';
import type { HandoverConfig, HandoverEffect, HandoverEvent, HandoverState } from '../core/handover/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Happening } from './happening.ts';
import type { Records } from './records.ts';
import type { Routing } from './routing.ts';
import type { Scaling } from './scaling.ts';
import type { Cause } from './status.ts';

export interface HandoverDriverDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly records: Records;
  readonly routing: Routing;
  readonly scaling: Scaling;
  /** What an effect causes is handled after it. */
  readonly push: (happening: Happening) => void;
}

/** Holds the handover automaton of one app, and carries out what it asks for. */
export class HandoverDriver {
  readonly #app: string;
  readonly #deps: HandoverDriverDeps;
  #config: HandoverConfig;
  #state: HandoverState;

  /** `saved`: as many replicas as a wake brings back. */
  constructor(app: string, config: HandoverConfig, saved: number, deps: HandoverDriverDeps) {
    this.#app = app;
    this.#deps = deps;
    this.#config = config;
    this.#state = initial(config, deps.clock.monoMs(), saved);
  }

  get state(): HandoverState {
    return this.#state;
  }

  configure(config: HandoverConfig): void {
    this.#config = config;
  }

  /** An effect that fails takes none of the others with it. */
  step(event: HandoverEvent, cause: Cause): void {
    const from = this.#state.phase;
    const { state, effects } = step(this.#config, this.#state, event, this.#deps.clock.monoMs());
    this.#state = state;
    if (state.phase !== from) this.#deps.records.transition(from, state.phase, cause);
    for (const effect of effects) {
      try {
        this.#carryOut(effect, cause);
      } catch (error) {
        this.#deps.logger.error(
          { error, app: this.#app, effect },
          'a command to the platform or the data path failed',
        );
      }
    }
  }

  #carryOut(effect: HandoverEffect, cause: Cause): void {
    const { push, routing, scaling } = this.#deps;
    switch (effect.type) {
      case 'scale':
        return scaling.scale(effect.replicas);
      case 'route':
        if (!routing.ask({ mode: effect.route })) return;
        return push({ type: 'handover', event: { type: 'routed', route: effect.route }, cause });
      case 'refuse':
        if (!routing.ask({ mode: 'refuse', failure: effect.failure, retryAtMs: effect.retryAtMs })) return;
        return push({ type: 'handover', event: { type: 'routed', route: 'refuse' }, cause });
      case 'measure':
        return push({ type: 'usage', cause });
      case 'tell':
        return this.#tell(effect, cause);
    }
  }

  /** The policy hears of it. */
  #tell({ event, failure }: Extract<HandoverEffect, { type: 'tell' }>, cause: Cause): void {
    const { metrics, push } = this.#deps;
    if (event !== 'wake.failed') return push({ type: 'policy', event: { type: event }, cause });
    if (failure === undefined) return;
    metrics.wakeFailed(this.#app, failure.code);
    push({ type: 'policy', event: { type: event, failure }, cause });
  }
}
