import type { WorkloadApp } from '../../../core/app.ts';
import { armedAt } from '../../../core/policy/armed-at.ts';
import type { ArmedWake } from '../../../core/policy/types.ts';
import type { Visitor } from '../../../core/visitor.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { DataPath, Endpoint, GateHandle, GateObserver, Route } from '../../../ports/data-path.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Replica } from '../../../ports/platform.ts';
import { asKubeError } from '../client/errors.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { Hindrance } from './hindrance.ts';

export interface AppActivatorDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dataPath: DataPath;
  /** Asks for at least so many replicas. Many may ask at once. Rejects with a `KubeError`. */
  readonly raise: (replicas: number) => Promise<unknown>;
  /** Somebody was held, for the first time since nobody was; for the leader, whose policy wants to know. */
  readonly demanded: (visitor: Visitor) => void;
  /** What the data path sees besides; passed on. */
  readonly observer: Omit<GateObserver, 'demand'>;
}

/** What a request does, as the leader has said last. */
export interface Armed {
  readonly list: readonly ArmedWake[];
  /** What a wake restores when all that was armed has run out; at least 1. */
  readonly saved: number;
}

/** What is known of the pods of the app. */
export interface Seen {
  readonly replicas: readonly Replica[];
  /** Why those that were asked for do not come; `null` for nothing known. */
  readonly diagnosis: Diagnosis | null;
}

/**
 * One app in one activator. It asks nobody: where pods serve it forwards to them, otherwise it holds and fires the armed wake itself, or refuses. Whether the leader takes the app for asleep or awake makes
 * no difference to it.
 */
export class AppActivator {
  readonly #deps: AppActivatorDeps;
  readonly #hindrance = new Hindrance();
  #gate: GateHandle | null = null;
  #armed: Armed = { list: [], saved: 1 };
  #endpoints: readonly Endpoint[] = [];

  constructor(deps: AppActivatorDeps) {
    this.#deps = deps;
  }

  get gate(): GateHandle | null {
    return this.#gate;
  }

  /** Rejects with a `ListenError`. */
  async open(app: WorkloadApp): Promise<void> {
    const { dataPath, observer } = this.#deps;
    const demand = (visitor: Visitor): void => this.#demand(visitor);
    this.#gate = await dataPath.open(app, { ...observer, demand });
    this.#follow();
  }

  arm(armed: Armed): void {
    this.#armed = armed;
    this.#follow();
  }

  observe({ replicas, diagnosis }: Seen): void {
    const serving = replicas.filter(({ phase, addresses }) => phase === 'serving' && addresses.length > 0);
    this.#endpoints = serving.map(({ id, addresses }) => ({ id, addresses }));
    this.#hindrance.observe(diagnosis, serving.length > 0, this.#deps.clock.monoMs());
    this.#follow();
  }

  async close(graceMs: number): Promise<void> {
    await this.#gate?.close(graceMs);
  }

  /** Called again each second for as long as anybody is held: a wake that got lost, or was undone, is fired again. */
  #demand(visitor: Visitor): void {
    const { clock, logger, raise, demanded } = this.#deps;
    this.#hindrance.tryAgain(clock.monoMs());
    this.#follow();
    if (this.#route().mode === 'refuse') return;
    // The order counts: whatever else hears of it, the write is on its way first.
    const wake = raise(this.#replicasArmed());
    demanded(visitor);
    wake.catch((error: unknown) => logger.warn({ error: asKubeError(error) }, 'a wake could not be written'));
  }

  #replicasArmed(): number {
    const action = armedAt(this.#armed.list, this.#deps.clock.wallMs())?.action;
    return Math.max(1, action?.kind === 'wake' ? action.replicas : this.#armed.saved);
  }

  #follow(): void {
    this.#gate?.route(this.#route());
  }

  #route(): Route {
    if (this.#endpoints.length > 0) return { mode: 'inline', endpoints: this.#endpoints };
    const { clock } = this.#deps;
    const refusal = this.#hindrance.refusal(clock.monoMs());
    if (refusal !== null) return { mode: 'refuse', refusal };
    const armed = armedAt(this.#armed.list, clock.wallMs());
    if (armed?.action.kind !== 'refuse') return { mode: 'hold' };
    const { validUntilMs } = armed;
    const retryAtMs = validUntilMs === null ? Infinity : clock.monoMs() + (validUntilMs - clock.wallMs());
    const message = armed.action.reason;
    return {
      mode: 'refuse',
      refusal: { state: 'asleep', code: 'schedule', message, failure: null, retryAtMs },
    };
  }
}
