import type { AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import type { HandoverConfig, HandoverState } from '../core/handover/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Platform, PlatformObserver } from '../ports/platform.ts';
import type { Store } from '../ports/store.ts';
import { Deadlines } from './deadlines.ts';
import type { Neighbours } from './dependencies.ts';
import { HandoverDriver } from './handover-driver.ts';
import type { Happening } from './happening.ts';
import { type AnyPolicy, PolicyDriver } from './policy-driver.ts';
import { Records } from './records.ts';
import { Routing } from './routing.ts';
import { Scaling } from './scaling.ts';
import type { Cause } from './status.ts';
import { WishDriver } from './wish-driver.ts';

export interface AppAutomataDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly platform: Platform;
  readonly neighbours: Neighbours;
}

/** The two automata of one app and all that they move: policy → handover → platform and gate, and back. */
export class AppAutomata {
  readonly records: Records;
  readonly policy: PolicyDriver;
  readonly handover: HandoverDriver;
  readonly routing = new Routing();
  readonly scaling: Scaling;
  readonly #deps: AppAutomataDeps;
  readonly #wishes: WishDriver;
  readonly #deadlines: Deadlines;
  readonly #push: (happening: Happening) => void;
  #app: AppSpec;
  /** The wish as it was when all was settled last. */
  #settledWish = 0;

  /** What a happening causes is pushed, never handled within it. */
  constructor(
    app: AppSpec,
    config: HandoverConfig,
    policy: AnyPolicy,
    deps: AppAutomataDeps,
    push: (happening: Happening) => void,
  ) {
    const restored = deps.store.load(app.name);
    this.#app = app;
    this.#deps = deps;
    this.#push = push;
    this.policy = new PolicyDriver(app.name, policy, restored?.policy ?? null, deps);
    this.records = new Records(app.name, restored, deps);
    this.scaling = new Scaling(app.name, {
      ...deps,
      raising: () => this.records.coldStarts.asked(deps.clock.monoMs()),
      asked: () => push({ type: 'replicas' }),
      failed: (failure) => push({ type: 'failed', failure, replicaId: null }),
    });
    this.#deadlines = new Deadlines(deps.clock, this.policy, () => push({ type: 'tick' }));
    const { records, routing, scaling } = this;
    const moved = { ...deps, records, routing, scaling, push };
    this.handover = new HandoverDriver(app.name, config, restored?.saved ?? 1, moved);
    this.#wishes = new WishDriver(app.name, { ...moved, policy: this.policy, handover: this.handover });
  }

  get app(): AppSpec {
    return this.#app;
  }

  /** For what follows from a changed configuration, the caller pushes. */
  configure(app: AppSpec, config: HandoverConfig, policy: AnyPolicy): void {
    this.#app = app;
    this.handover.configure(config);
    this.policy.replace(policy);
  }

  handle(happening: Happening): void {
    switch (happening.type) {
      case 'start':
        return this.#start();
      case 'handover':
        return this.handover.step(happening.event, happening.cause);
      case 'policy':
        return this.#wishes.step(happening.event, happening.cause);
      case 'wish':
        return this.#wishes.wish(happening.cause);
      case 'demand':
        return this.#wishes.demand(happening.cause);
      case 'replicas':
        return this.#observe();
      case 'failed':
        return this.#fail(happening.failure, happening.replicaId);
      case 'dependencies':
        return this.scaling.resume();
      case 'usage':
        return this.#measure(happening.cause);
      case 'vacated':
        return this.scaling.releaseVacated(this.routing.gate);
      case 'tick':
        return this.#tick();
      case 'cold-start':
        return this.records.coldStart(happening.times);
      default:
        return undefined;
    }
  }

  /** After everything that an event caused: what follows from the levels as they are now. Whether there is anything new: in the journal, or in what is wished for, by which others are kept up. */
  settle(): boolean {
    const { state } = this.handover;
    this.#wishes.refuse();
    if (isWell(state)) this.records.chronicle.serves();
    this.routing.startFailed(this.#lastFailure());
    this.#deadlines.arm(state);
    const isOtherWish = state.wish !== this.#settledWish;
    this.#settledWish = state.wish;
    return this.#write() || isOtherWish;
  }

  close(): void {
    this.#deadlines.cancel();
    this.#write();
  }

  /** The wish comes before what is found running, or that would be taken for something that nobody wants. */
  #start(): void {
    this.#wishes.start();
    this.#deps.platform.add(this.#app, this.#platformObserver);
  }

  readonly #platformObserver: PlatformObserver = {
    observed: (replicas) => {
      this.scaling.observed(replicas);
      this.#push({ type: 'replicas' });
    },
    failed: (failure, replicaId) => this.#push({ type: 'failed', failure, replicaId }),
  };

  /** Of the attempts in a row to start it; `null` before the first of them has failed. */
  #lastFailure(): Failure | null {
    const { failure, attempts } = this.handover.state;
    const last = this.records.chronicle.lastFailure;
    if (failure !== null) return failure.cause;
    return attempts > 0 && last?.recoveredAtWallMs === null ? last.cause : null;
  }

  #observe(): void {
    const { replicas } = this.scaling;
    this.records.coldStarts.observed(replicas);
    // First of all, nobody is sent to a replica that is gone.
    this.routing.observed(replicas);
    this.scaling.releaseVacated(this.routing.gate);
    this.handover.step({ type: 'observed', observed: this.scaling.counts() }, { kind: 'platform' });
  }

  #fail(failure: Failure, replicaId: string | null): void {
    this.records.chronicle.failure(failure, replicaId);
    this.handover.step({ type: 'failed', failure }, { kind: 'failure', failure });
  }

  #measure(cause: Cause): void {
    const { held, inFlight, covered, measuredAtMs } = this.routing.use();
    this.handover.step({ type: 'usage', held, inFlight, known: covered, measuredAtMs }, cause);
  }

  #tick(): void {
    const due = this.#deadlines.due(this.handover.state);
    if (due.handover) this.#push({ type: 'handover', event: { type: 'tick' }, cause: { kind: 'timer' } });
    if (due.policy) this.#wishes.tick();
  }

  #write(): boolean {
    return this.records.write({ policy: this.policy.snapshot, saved: this.handover.state.saved });
  }
}

/** Of a death the handover may know before the replica is seen to be gone. */
function isWell({ phase, failure, observed, asked }: HandoverState): boolean {
  return phase === 'awake' && failure === null && observed.serving >= asked;
}
