import type { AppSpec } from '../core/app.ts';
import type { HandoverConfig, HandoverState } from '../core/handover/types.ts';
import type { PolicyEvent } from '../core/policy/types.ts';
import type { GateHandle, GateObserver } from '../ports/data-path.ts';
import type { AppAutomata } from './app-automata.ts';
import { AppLoop, type AppLoopDeps } from './app-loop.ts';
import type { Dependency, Standing } from './dependencies.ts';
import type { AnyPolicy } from './policy-driver.ts';
import type { Cause, ListenProblem, OperatorCommand } from './status.ts';

export type SupervisorDeps = AppLoopDeps;

/** One app, as operators, other apps and the data path see it: what they say becomes events of its loop. */
export class Supervisor implements Dependency {
  readonly name: string;
  readonly #loop: AppLoop;
  readonly gateObserver: GateObserver;
  readonly #deps: SupervisorDeps;
  #dependents: readonly string[] = [];

  constructor(app: AppSpec, config: HandoverConfig, policy: AnyPolicy, deps: SupervisorDeps) {
    this.name = app.name;
    this.#deps = deps;
    this.#loop = new AppLoop(app, config, policy, deps);
    this.gateObserver = this.#createGateObserver();
  }

  get automata(): AppAutomata {
    return this.#loop.automata;
  }

  get app(): AppSpec {
    return this.automata.app;
  }

  get handover(): HandoverState {
    return this.automata.handover.state;
  }

  /** Apps that need this one and are not asleep. */
  get dependents(): readonly string[] {
    return this.#dependents;
  }

  start(): void {
    this.#loop.push({ type: 'start' });
  }

  /** Replicas that serve keep the old configuration; a start under way that it changes is begun anew. */
  update(app: AppSpec, config: HandoverConfig, policy: AnyPolicy): void {
    const { automata } = this;
    const loop = this.#loop;
    const cause: Cause = { kind: 'configuration' };
    automata.configure(app, config, policy);
    const outdated = this.#deps.platform.update(app);
    automata.records.chronicle.configuration('changed');
    automata.records.save();
    // A policy that starts anew knows only its snapshot.
    loop.push({ type: 'policy', event: { type: 'dependents', awake: this.#dependents }, cause });
    if (this.handover.phase === 'awake') loop.push({ type: 'policy', event: { type: 'ready' }, cause });
    this.forgive(cause);
    if (outdated) loop.push({ type: 'handover', event: { type: 'outdated' }, cause });
  }

  /** The ports are bound; until then the app lives without visitors. */
  attach(gate: GateHandle): void {
    this.automata.routing.attach(gate);
  }

  /** The ports could not be bound, or could after all. */
  portsChanged(problem: ListenProblem | null): void {
    this.automata.records.chronicle.configuration(
      problem === null ? 'its ports are bound again' : problem.message,
    );
    this.#loop.push({ type: 'noted' });
  }

  command(
    command: OperatorCommand,
    event: PolicyEvent,
    by: string,
    detail: Readonly<Record<string, unknown>>,
  ): void {
    const cause: Cause = { kind: 'operator', command, by };
    const { records } = this.automata;
    records.chronicle.operator(command, by, detail);
    records.save();
    this.#loop.push({ type: 'policy', event, cause });
    if (command === 'wake') this.forgive(cause);
  }

  /** Bad starts of the past count no more; one that waits to be repeated is repeated now. */
  forgive(cause: Cause): void {
    if (this.handover.failure !== null)
      this.#loop.push({ type: 'handover', event: { type: 'forgive' }, cause });
  }

  dependedOnBy(apps: readonly string[]): void {
    if (apps.join() === this.#dependents.join()) return;
    this.#dependents = apps;
    const cause: Cause = { kind: 'dependent', app: apps[0] ?? 'nobody' };
    this.#loop.push({ type: 'policy', event: { type: 'dependents', awake: apps }, cause });
  }

  demandedBy(app: string): void {
    this.#loop.push({ type: 'demand', cause: { kind: 'dependent', app } });
  }

  /** A dependency has changed. `noneFailed`: each of them serves, or may come to. */
  dependenciesChanged(noneFailed: boolean): void {
    if (this.automata.scaling.isDeferred) this.#loop.push({ type: 'dependencies' });
    if (noneFailed && this.handover.failure?.cause.code === 'dependency-failed')
      this.forgive({ kind: 'dependency' });
  }

  standing(): Standing {
    const { phase, observed, failure } = this.handover;
    if (phase === 'failed' && failure !== null) return { status: 'failed', failure: failure.cause };
    const forwards = phase === 'handing-over' || phase === 'awake';
    return { status: forwards && observed.serving > 0 ? 'serving' : 'coming' };
  }

  /** The wall clock may have jumped since the policy was asked: schedules may read differently now. */
  lookAtClock(): void {
    if (this.automata.policy.isDue()) this.#loop.push({ type: 'tick' });
  }

  close(): void {
    this.#loop.close();
  }

  #createGateObserver(): GateObserver {
    const { name } = this;
    const loop = this.#loop;
    return {
      demand: (visitor) => loop.push({ type: 'demand', cause: { kind: 'request', visitor } }),
      routed: (route) =>
        loop.push({ type: 'handover', event: { type: 'routed', route }, cause: { kind: 'platform' } }),
      quiet: () => loop.push({ type: 'usage', cause: { kind: 'quiet' } }),
      vacated: () => loop.push({ type: 'vacated' }),
      // The gate tries the other replicas; of a death the platform tells.
      unreachable: (endpointId) =>
        this.#deps.logger.debug({ app: name, endpointId }, 'a replica refused a connection'),
      coldStart: (times) => loop.push({ type: 'cold-start', times }),
    };
  }
}
