import type { AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import { initial, step } from '../core/handover/handover.ts';
import type {
  HandoverConfig,
  HandoverEffect,
  HandoverEvent,
  HandoverState,
  Phase,
} from '../core/handover/types.ts';
import type { PolicyEvent, UseLevel } from '../core/policy/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { ColdStartTimes, Refusal } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Platform, PlatformObserver } from '../ports/platform.ts';
import type { Store } from '../ports/store.ts';
import { armedRefusal } from './armed-refusal.ts';
import { Chronicle } from './chronicle.ts';
import { ColdStarts } from './cold-starts.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import type { Neighbours } from './dependencies.ts';
import { EventQueue } from './event-queue.ts';
import { type Happening, isSuperseded } from './happening.ts';
import { type AnyPolicy, PolicyDriver } from './policy-driver.ts';
import { Routing } from './routing.ts';
import { Scaling } from './scaling.ts';
import type { Cause } from './status.ts';

export interface AppLoopDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly platform: Platform;
  readonly neighbours: Neighbours;
  /** Something about the app has changed that others may want to know. Called after all effects of it. */
  readonly changed: () => void;
}

/**
 * Policy automaton → handover automaton → platform and gate, and back. Everything that happens to the app goes through one queue, in the turn in which it
 * happens: a visitor's demand has become a spawned process when the gate's call returns.
 */
export class AppLoop {
  readonly chronicle: Chronicle;
  readonly coldStarts: ColdStarts;
  readonly policy: PolicyDriver;
  readonly routing = new Routing();
  readonly scaling: Scaling;
  readonly #name: string;
  readonly #deps: AppLoopDeps;
  readonly #queue: EventQueue<Happening>;
  readonly #timer: DeadlineTimer;
  #app: AppSpec;
  #config: HandoverConfig;
  #handover: HandoverState;
  /** Whether there is something to persist. */
  #unsaved = false;
  #ticked = false;
  #closed = false;

  constructor(app: AppSpec, config: HandoverConfig, policy: AnyPolicy, deps: AppLoopDeps) {
    const record = deps.store.load(app.name);
    this.#name = app.name;
    this.#deps = deps;
    this.#app = app;
    this.#config = config;
    this.policy = new PolicyDriver(app.name, policy, record?.policy ?? null, deps);
    this.chronicle = new Chronicle(app.name, deps);
    this.coldStarts = new ColdStarts(record?.lastColdStartMs ?? null);
    this.#handover = initial(config, deps.clock.monoMs(), record?.saved ?? 1);
    this.scaling = new Scaling(app.name, {
      platform: deps.platform,
      neighbours: deps.neighbours,
      raising: () => this.coldStarts.asked(deps.clock.monoMs()),
      asked: () => this.push({ type: 'replicas' }),
      failed: (failure) => this.push({ type: 'failed', failure, replicaId: null }),
    });
    this.#timer = new DeadlineTimer(deps.clock, () => this.push({ type: 'tick' }));
    this.#queue = this.#createQueue();
  }

  get app(): AppSpec {
    return this.#app;
  }

  get handover(): HandoverState {
    return this.#handover;
  }

  /** Handles the happening in this turn: at once, or after what is being handled already. */
  push(happening: Happening): void {
    if (!this.#closed) this.#queue.push(happening, (pending) => isSuperseded(pending, happening));
  }

  /** For what follows from a changed configuration, the caller pushes. */
  configure(app: AppSpec, config: HandoverConfig, policy: AnyPolicy): void {
    this.#app = app;
    this.#config = config;
    this.policy.replace(policy);
  }

  /** What is known now is worth keeping: written after the effects. */
  save(): void {
    this.#unsaved = true;
  }

  use(): UseLevel {
    const gate = this.routing.gate;
    // Without bound ports there is no way in: that nobody uses the app is known.
    if (gate === null) return { inFlight: 0, held: 0, lastUseAtMs: null, covered: true };
    const { inFlight, held, lastUseAtMs } = gate.usage();
    return { inFlight, held, lastUseAtMs, covered: true };
  }

  /** Nothing happens any more; what runs, runs on until the platform is told otherwise. */
  close(): void {
    this.#closed = true;
    this.#timer.cancel();
    this.#queue.clear();
    this.#write();
  }

  #createQueue(): EventQueue<Happening> {
    const { clock, logger } = this.#deps;
    const app = this.#name;
    return new EventQueue<Happening>({
      handle: (happening) => this.#handle(happening),
      settled: () => this.#settle(),
      failed: (error, happening) =>
        logger.error({ error, app, happening }, 'a step of this app failed; it goes on from where it was'),
      overrun: (happening) => logger.error({ app, happening }, 'too many events at once: one was dropped'),
      later: (callback) => void clock.after(0, callback),
    });
  }

  #handle(happening: Happening): void {
    switch (happening.type) {
      case 'start':
        return this.#start();
      case 'handover':
        return this.#stepHandover(happening.event, happening.cause);
      case 'policy':
        return this.#stepPolicy(happening.event, happening.cause);
      case 'wish':
        return this.#wish(happening.cause);
      case 'demand':
        return this.#demand(happening.cause);
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
        return this.#recordColdStart(happening.times);
      default:
        return undefined;
    }
  }

  /** The wish comes before what is found running, or that would be taken for something that nobody wants. */
  #start(): void {
    this.push({ type: 'wish', cause: this.policy.standing(this.use()) });
    this.#deps.platform.add(this.#app, this.#platformObserver);
  }

  readonly #platformObserver: PlatformObserver = {
    observed: (replicas) => {
      this.scaling.observed(replicas);
      this.push({ type: 'replicas' });
    },
    failed: (failure, replicaId) => this.push({ type: 'failed', failure, replicaId }),
  };

  #demand(cause: Cause): void {
    this.#lookAtSchedule();
    const refusal = this.#armedRefusal();
    this.routing.refuse(refusal);
    // An app that needs this one outweighs its schedule, as in the policy; visitors do not.
    if (refusal !== null && cause.kind !== 'dependent') return;
    const action = this.policy.armed()?.action;
    const replicas = action?.kind === 'wake' ? action.replicas : undefined;
    this.#stepHandover({ type: 'demand', ...(replicas !== undefined && { replicas }) }, cause);
  }

  /** An edge of the schedule may have passed since the last event, or the wall clock has jumped across one. Demand is met whatever the policy makes of it. */
  #lookAtSchedule(): void {
    try {
      if (this.policy.isDue()) this.#wish(this.policy.tick(this.use()));
    } catch (error) {
      this.#deps.logger.error({ error, app: this.#name }, 'the policy of this app failed; demand is met');
    }
  }

  #observe(): void {
    const { replicas } = this.scaling;
    this.coldStarts.observed(replicas);
    // First of all, nobody is sent to a replica that is gone.
    this.routing.observed(replicas);
    this.scaling.releaseVacated(this.routing.gate);
    this.#stepHandover({ type: 'observed', observed: this.scaling.counts() }, { kind: 'platform' });
  }

  #fail(failure: Failure, replicaId: string | null): void {
    this.chronicle.failure(failure, replicaId);
    this.#stepHandover({ type: 'failed', failure }, { kind: 'failure', failure });
  }

  #measure(cause: Cause): void {
    const { held, inFlight, covered } = this.use();
    const measuredAtMs = this.#deps.clock.monoMs();
    this.#stepHandover({ type: 'usage', held, inFlight, known: covered, measuredAtMs }, cause);
  }

  #tick(): void {
    const { deadlineMs } = this.#handover;
    const handoverIsDue = deadlineMs !== null && deadlineMs <= this.#deps.clock.monoMs();
    const policyIsDue = this.policy.isDue();
    this.#ticked = handoverIsDue || policyIsDue;
    if (handoverIsDue) this.push({ type: 'handover', event: { type: 'tick' }, cause: { kind: 'timer' } });
    if (policyIsDue) this.push({ type: 'wish', cause: this.policy.tick(this.use()) });
  }

  #recordColdStart(times: ColdStartTimes): void {
    const phases = this.coldStarts.answered(times, this.#deps.clock.wallMs());
    if (phases === null) return;
    this.chronicle.coldStart(phases);
    this.#unsaved = true;
  }

  #stepPolicy(event: PolicyEvent, cause: Cause): void {
    this.policy.step(event);
    this.push({ type: 'wish', cause });
  }

  /** Read when it is handled: the policy may have changed its mind again. */
  #wish(cause: Cause): void {
    const { replicas } = this.policy.output;
    if (replicas === this.#handover.wish) return;
    this.#unsaved = true;
    this.#stepHandover({ type: 'wish', replicas }, cause);
  }

  #stepHandover(event: HandoverEvent, cause: Cause): void {
    const from = this.#handover.phase;
    const { state, effects } = step(this.#config, this.#handover, event, this.#deps.clock.monoMs());
    this.#handover = state;
    if (state.phase !== from) this.#moved(from, cause);
    for (const effect of effects) {
      try {
        this.#carryOut(effect, cause);
      } catch (error) {
        this.#deps.logger.error(
          { error, app: this.#name, effect },
          'a command to the platform or the data path failed',
        );
      }
    }
  }

  #moved(from: Phase, cause: Cause): void {
    const to = this.#handover.phase;
    if (to === 'waking') this.coldStarts.begin();
    this.chronicle.transition(from, to, cause);
    this.#unsaved = true;
  }

  #carryOut(effect: HandoverEffect, cause: Cause): void {
    switch (effect.type) {
      case 'scale':
        return this.scaling.scale(effect.replicas);
      case 'route':
        this.routing.ask({ mode: effect.route });
        return this.push({ type: 'handover', event: { type: 'routed', route: effect.route }, cause });
      case 'refuse':
        this.routing.ask({ mode: 'refuse', failure: effect.failure, retryAtMs: effect.retryAtMs });
        return this.push({ type: 'handover', event: { type: 'routed', route: 'refuse' }, cause });
      case 'measure':
        return this.push({ type: 'usage', cause });
      case 'tell':
        return this.#tell(effect, cause);
    }
  }

  #tell({ event, failure }: Extract<HandoverEffect, { type: 'tell' }>, cause: Cause): void {
    if (event !== 'wake.failed') return this.push({ type: 'policy', event: { type: event }, cause });
    if (failure === undefined) return;
    this.#deps.metrics.wakeFailed(this.#name, failure.code);
    this.push({ type: 'policy', event: { type: event, failure }, cause });
  }

  #armedRefusal(): Refusal | null {
    return armedRefusal(this.policy.armed(), this.#handover, this.#deps.clock);
  }

  /** After everything that an event caused: what follows from the levels as they are now, and what could wait until after the effects. */
  #settle(): void {
    this.routing.refuse(this.#armedRefusal());
    if (isWell(this.#handover)) this.chronicle.serves();
    this.#arm();
    if (this.#write()) this.#deps.changed();
  }

  #arm(): void {
    const nowMs = this.#deps.clock.monoMs();
    const dueAtMs = Math.min(this.#handover.deadlineMs ?? Infinity, this.policy.dueAtMs());
    const isStuck = this.#ticked && dueAtMs <= nowMs;
    this.#ticked = false;
    this.#timer.arm(isStuck ? nowMs + stuckMs : dueAtMs);
  }

  #write(): boolean {
    if (this.#unsaved) {
      this.#unsaved = false;
      const lastColdStartMs = this.coldStarts.summary().lastMs;
      const { saved } = this.#handover;
      this.#deps.store.save(this.#name, { policy: this.policy.snapshot, saved, lastColdStartMs });
    }
    return this.chronicle.flush();
  }
}

/** Of a death the handover may know before the replica is seen to be gone. */
function isWell({ phase, failure, observed, asked }: HandoverState): boolean {
  return phase === 'awake' && failure === null && observed.serving >= asked;
}

/** A deadline that a tick has not moved (a bug) must not become a loop. */
const stuckMs = 1_000;
