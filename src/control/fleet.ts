import { isDeepStrictEqual } from 'node:util';
import type { AppSpec } from '../core/app.ts';
import type { HandoverConfig } from '../core/handover/types.ts';
import { createSimplePolicy } from '../core/policy/simple-policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { DataPath } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Platform } from '../ports/platform.ts';
import type { Store } from '../ports/store.ts';
import { Binding } from './binding.ts';
import { awaited, type Dependency } from './dependencies.ts';
import { DependencyGraph } from './dependency-graph.ts';
import { Endings } from './endings.ts';
import { handoverConfig, longestEndMs } from './handover-config.ts';
import type { AnyPolicy } from './policy-driver.ts';
import type { ListenProblem } from './status.ts';
import { Supervisor } from './supervisor.ts';

export interface FleetDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly platform: Platform;
  readonly dataPath: DataPath;
  /** The policy of an app; the simple one unless told. */
  readonly policyFor?: (app: AppSpec) => AnyPolicy;
}

export interface ApplyResult {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Ports that could not be bound; they are tried again by themselves. */
  readonly problems: readonly { readonly app: string; readonly problem: ListenProblem }[];
}

/** One app and its ports. */
export interface Member {
  readonly supervisor: Supervisor;
  readonly binding: Binding;
}

/** The apps that there are, and what they are to each other: begun, changed and ended as the configuration says. */
export class Fleet {
  readonly #deps: FleetDeps;
  readonly #changed: (name: string) => void;
  readonly #members = new Map<string, Member>();
  readonly #endings = new Endings((name) => this.#ended(name));
  #configured: ReadonlyMap<string, AppSpec> = new Map();
  #graph = new DependencyGraph([]);
  #configs: ReadonlyMap<string, HandoverConfig> = new Map();

  /** `changed` is called in the turn of each change of an app. */
  constructor(deps: FleetDeps, changed: (name: string) => void) {
    this.#deps = deps;
    this.#changed = changed;
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  needsOf(name: string): readonly string[] {
    return this.#graph.needsOf(name);
  }

  /** Apps that end, and until then may listen where this one is to: it starts when they have gone, and its visitors are held until then. */
  inTheWayOf(name: string): readonly string[] {
    const app = this.#configured.get(name);
    return app === undefined ? [] : this.#endings.inTheWayOf(app).map((ending) => ending.name);
  }

  /** An operator wakes an app: what it needs is tried again as well, whatever its back-off says. */
  forgiveNeedsOf(name: string, by: string): void {
    for (const need of this.#graph.allNeedsOf(name)) {
      if (need !== name)
        this.#members.get(need)?.supervisor.forgive({ kind: 'operator', command: 'wake', by });
    }
  }

  /** One call at a time. An app that is configured again while it ends begins once it has ended; nobody else waits for that. */
  async apply(apps: ReadonlyMap<string, AppSpec>): Promise<ApplyResult> {
    const removed = [...this.#members.keys()].filter((name) => !apps.has(name));
    const added = [...apps.keys()].filter((name) => !this.#members.has(name));
    // Ports of those that end are free before others want them; those that depend on others end first.
    for (const name of this.#graph.order().toReversed()) if (removed.includes(name)) this.#end(name);
    const before = this.#configs;
    this.#configured = apps;
    this.#graph = new DependencyGraph(apps.values());
    this.#configs = this.#handoverConfigs(apps);
    const updated = [...apps.values()].filter((app) => this.#differs(app, before)).map(({ name }) => name);
    const begun = added.filter((name) => !this.#endings.has(name));
    for (const name of begun) this.#begin(name);
    for (const name of updated) this.#update(name, apps);
    this.#start(begun);
    return { added, updated, removed, problems: await this.#bind([...begun, ...updated], apps) };
  }

  /** Everybody's schedule may read differently now. */
  lookAtClock(): void {
    for (const { supervisor } of this.#members.values()) supervisor.lookAtClock();
  }

  /** Every gate at once; then the processes, those that others depend on last. */
  async close(graceMs: number): Promise<void> {
    const members = [...this.#members.values()];
    this.#configured = new Map();
    for (const { supervisor } of members) supervisor.close();
    await Promise.all(members.map((member) => this.#closeGate(member, graceMs)));
    const gone = new Map<string, Promise<void>>();
    for (const name of this.#graph.order().toReversed()) {
      const dependents = this.#graph.dependentsOf(name).flatMap((dependent) => gone.get(dependent) ?? []);
      gone.set(
        name,
        Promise.all([...dependents, ...this.#endings.dependentsOf(name)]).then(() =>
          this.#stopProcesses(name),
        ),
      );
    }
    await Promise.all([...gone.values(), this.#endings.all()]);
  }

  #handoverConfigs(apps: ReadonlyMap<string, AppSpec>): ReadonlyMap<string, HandoverConfig> {
    const configs = new Map<string, HandoverConfig>();
    for (const name of this.#graph.order()) {
      const app = apps.get(name);
      const needs = this.#graph.needsOf(name).flatMap((need) => configs.get(need) ?? []);
      if (app !== undefined) configs.set(name, handoverConfig(app, needs));
    }
    return configs;
  }

  #differs(app: AppSpec, before: ReadonlyMap<string, HandoverConfig>): boolean {
    const member = this.#members.get(app.name);
    if (member === undefined) return false;
    const sameConfig = isDeepStrictEqual(before.get(app.name), this.#configs.get(app.name));
    return !sameConfig || !isDeepStrictEqual(member.supervisor.app, app);
  }

  #begin(name: string): void {
    const app = this.#configured.get(name);
    const config = this.#configFor(app);
    if (app === undefined || config === undefined) return;
    const supervisor = new Supervisor(app, config, this.#policyFor(app), {
      ...this.#deps,
      neighbours: {
        obstacle: () => this.#graph.obstacle(name),
        dependenciesOf: () => this.#dependenciesOf(name),
      },
      changed: () => this.#onChange(name),
    });
    const binding = new Binding(app, {
      clock: this.#deps.clock,
      dataPath: this.#deps.dataPath,
      observer: supervisor.gateObserver,
      opened: (gate) => supervisor.attach(gate),
      changed: (problem) => supervisor.portsChanged(problem),
    });
    this.#members.set(name, { supervisor, binding });
  }

  /** Dependencies first, so that what they demand is there. */
  #start(begun: readonly string[]): void {
    for (const name of this.#graph.order())
      if (begun.includes(name)) this.#members.get(name)?.supervisor.start();
    for (const name of this.#members.keys()) this.#tellDependents(name);
  }

  #update(name: string, apps: ReadonlyMap<string, AppSpec>): void {
    const app = apps.get(name);
    const config = this.#configFor(app);
    if (app === undefined || config === undefined) return;
    this.#members.get(name)?.supervisor.update(app, config, this.#policyFor(app));
  }

  /** With time for those that have to end first: as long as they may take. It outlasts them, which does no harm. */
  #configFor(app: AppSpec | undefined): HandoverConfig | undefined {
    const config = app && this.#configs.get(app.name);
    if (app === undefined || config === undefined) return undefined;
    const endsMs = Math.max(0, ...this.#endings.inTheWayOf(app).map(longestEndMs));
    return { ...config, wakeTimeoutMs: config.wakeTimeoutMs + endsMs };
  }

  #policyFor(app: AppSpec): AnyPolicy {
    return this.#deps.policyFor?.(app) ?? createSimplePolicy(app);
  }

  /** A port that one app gives up and another takes may come free only in the course of it: the second attempt finds it so. */
  async #bind(
    names: readonly string[],
    apps: ReadonlyMap<string, AppSpec>,
  ): Promise<ApplyResult['problems']> {
    const bindAll = (those: readonly string[]): Promise<unknown> =>
      Promise.all(those.flatMap((name) => this.#bindOne(apps.get(name)) ?? []));
    await bindAll(names);
    await bindAll(this.#problems(names).map(({ app }) => app));
    return this.#problems(names);
  }

  #bindOne(app: AppSpec | undefined): Promise<void> | undefined {
    return app === undefined ? undefined : this.#members.get(app.name)?.binding.bind(app);
  }

  #problems(names: readonly string[]): ApplyResult['problems'] {
    return names.flatMap((app) => {
      const problem = this.#members.get(app)?.binding.problem ?? null;
      return problem === null ? [] : [{ app, problem }];
    });
  }

  #end(name: string): void {
    const member = this.#members.get(name);
    if (member === undefined) return;
    const { supervisor } = member;
    this.#members.delete(name);
    supervisor.close();
    this.#deps.store.append({
      wallMs: this.#deps.clock.wallMs(),
      app: name,
      kind: 'config',
      message: 'removed',
    });
    // At once, not when its processes have ended: by then it may be configured again, and pins of before would come back, or go, by chance.
    this.#deps.store.forget(name);
    this.#endings.begin(supervisor.app, isUp(supervisor), {
      unused: this.#closeGate(member, supervisor.app.drainTimeoutMs),
      stop: () => this.#stopProcesses(name),
    });
  }

  /** It may have been configured again meanwhile, and others may have waited for its ports. */
  #ended(name: string): void {
    const again = this.#configured.has(name);
    if (again) {
      this.#begin(name);
      this.#start([name]);
      void this.#bind([name], this.#configured);
    }
    for (const other of this.#members.keys()) {
      this.#tellNeeds(other);
      this.#tellDependents(other);
    }
    if (again) this.#changed(name);
  }

  async #closeGate({ supervisor, binding }: Member, graceMs: number): Promise<void> {
    try {
      await binding.close(graceMs);
    } catch (error) {
      this.#deps.logger.error({ error, app: supervisor.name }, 'the ports of this app could not be closed');
    }
  }

  async #stopProcesses(name: string): Promise<void> {
    try {
      await this.#deps.platform.remove(name);
    } catch (error) {
      this.#deps.logger.error({ error, app: name }, 'the processes of this app could not be stopped');
    }
  }

  #onChange(name: string): void {
    for (const dependent of this.#graph.dependentsOf(name)) this.#tellNeeds(dependent);
    for (const need of this.#graph.needsOf(name)) this.#tellDependents(need);
    this.#changed(name);
  }

  #tellNeeds(name: string): void {
    const noneFailed = this.#dependenciesOf(name).every((need) => need.standing().status !== 'failed');
    this.#members.get(name)?.supervisor.dependenciesChanged(noneFailed);
  }

  /** An app that has failed uses nothing, but one that failed for what it needs and is still wanted waits for it; one that ends may use it until it has ended. */
  #tellDependents(name: string): void {
    const up = this.#graph.dependentsOf(name).filter((dependent) => {
      const member = this.#members.get(dependent);
      return member !== undefined && (isUp(member.supervisor) || this.#waitsForNeeds(member.supervisor));
    });
    this.#members.get(name)?.supervisor.dependedOnBy([...up, ...this.#endings.namesOfDependents(name)]);
  }

  /** Where nothing can come of it (a circle), the wait of each would be the reason for that of the other, for ever. */
  #waitsForNeeds({ name, handover: { wish, failure } }: Supervisor): boolean {
    return wish > 0 && failure?.cause.code === 'dependency-failed' && this.#graph.obstacle(name) === null;
  }

  #dependenciesOf(name: string): readonly Dependency[] {
    const needs = this.#graph.needsOf(name);
    return [
      ...needs.map((need) => this.#members.get(need)?.supervisor ?? awaited(need)),
      ...this.inTheWayOf(name).map((other) => awaited(other)),
    ];
  }
}

/** Up, or on its way: it uses what it depends on. */
function isUp({ handover: { phase } }: Supervisor): boolean {
  return phase !== 'asleep' && phase !== 'failed';
}
