import type { Failure } from '../core/failure.ts';
import type { Observed } from '../core/handover/types.ts';
import type { GateHandle } from '../ports/data-path.ts';
import type { Platform, Replica } from '../ports/platform.ts';
import { type Neighbours, summon } from './dependencies.ts';

export interface ScalingDeps {
  readonly platform: Platform;
  readonly neighbours: Neighbours;
  /** More replicas are asked of the platform now. */
  readonly raising: () => void;
  /** The platform has been asked; what it sees may or may not have changed. */
  readonly asked: () => void;
  /** A dependency cannot serve. */
  readonly failed: (failure: Failure) => void;
}

/** The replicas of one app: what the platform sees of them, and what is asked of it. */
export class Scaling {
  readonly #app: string;
  readonly #deps: ScalingDeps;
  #replicas: readonly Replica[] = [];
  /** A count that waits for dependencies. */
  #deferred: number | null = null;
  /** Terminating replicas of which the platform has been told that nobody uses them. */
  #vacated: ReadonlySet<string> = new Set();

  constructor(app: string, deps: ScalingDeps) {
    this.#app = app;
    this.#deps = deps;
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  get isDeferred(): boolean {
    return this.#deferred !== null;
  }

  observed(replicas: readonly Replica[]): void {
    this.#replicas = replicas;
    this.#vacated = new Set(replicas.filter(({ id }) => this.#vacated.has(id)).map(({ id }) => id));
  }

  counts(): Observed {
    const count = (phase: Replica['phase']): number =>
      this.#replicas.filter((replica) => replica.phase === phase).length;
    return { starting: count('starting'), serving: count('serving'), terminating: count('terminating') };
  }

  /** Raising waits until every dependency serves; lowering never waits. */
  scale(replicas: number): void {
    const { starting, serving } = this.counts();
    if (replicas > starting + serving && !this.#mayRaise(replicas)) return;
    this.#deferred = null;
    this.#deps.platform.scale(this.#app, replicas);
    this.#deps.asked();
  }

  /** Dependencies have changed. */
  resume(): void {
    if (this.#deferred !== null) this.scale(this.#deferred);
  }

  /** Lets the platform stop terminating replicas that nobody uses any more, without waiting for their drain time. */
  releaseVacated(gate: GateHandle | null): void {
    for (const { id, phase } of this.#replicas) {
      if (phase !== 'terminating' || this.#vacated.has(id) || (gate?.inFlightAt(id) ?? 0) > 0) continue;
      this.#vacated = new Set([...this.#vacated, id]);
      this.#deps.platform.vacated(this.#app, id);
    }
  }

  #mayRaise(replicas: number): boolean {
    const standing = summon(this.#app, this.#deps.neighbours);
    this.#deferred = standing.status === 'coming' ? replicas : null;
    if (standing.status === 'failed') this.#deps.failed(standing.failure);
    if (standing.status === 'serving') this.#deps.raising();
    return standing.status === 'serving';
  }
}
