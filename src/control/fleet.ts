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
import { bindPorts, type PortProblem } from './bind-ports.ts';
import { Endings } from './endings.ts';
import { type FleetConfig, fleetConfig, handoverDiffers } from './fleet-config.ts';
import { longestEndMs } from './handover-config.ts';
import { createMember, type Member } from './member.ts';
import { isUp, Neighbourhood } from './neighbourhood.ts';
import type { AnyPolicy } from './policy-driver.ts';
import { Teardown } from './teardown.ts';

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
  readonly problems: readonly PortProblem[];
}

/** The apps that there are: begun, changed and ended as the configuration says. */
export class Fleet {
  readonly neighbourhood: Neighbourhood;
  readonly #deps: FleetDeps;
  readonly #changed: (name: string) => void;
  readonly #teardown: Teardown;
  readonly #members = new Map<string, Member>();
  readonly #endings = new Endings((name) => this.#ended(name));
  #config: FleetConfig = fleetConfig(new Map());

  /** `changed` is called in the turn of each change of an app. */
  constructor(deps: FleetDeps, changed: (name: string) => void) {
    this.#deps = deps;
    this.#changed = changed;
    this.#teardown = new Teardown(deps);
    this.neighbourhood = new Neighbourhood({
      members: this.#members,
      endings: this.#endings,
      config: () => this.#config,
    });
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  /** One call at a time. An app that is configured again while it ends begins once it has ended; nobody else waits for that. */
  async apply(apps: ReadonlyMap<string, AppSpec>): Promise<ApplyResult> {
    const removed = [...this.#members.keys()].filter((name) => !apps.has(name));
    const added = [...apps.keys()].filter((name) => !this.#members.has(name));
    // Ports of those that end are free before others want them; those that depend on others end first.
    for (const name of this.#config.graph.order().toReversed()) if (removed.includes(name)) this.#end(name);
    const before = this.#config;
    this.#config = fleetConfig(apps);
    const updated = [...apps.values()].filter((app) => this.#differs(app, before)).map(({ name }) => name);
    const begun = added.filter((name) => !this.#endings.has(name));
    for (const name of begun) this.#begin(name);
    for (const name of updated) this.#update(name);
    this.#start(begun);
    const problems = await bindPorts([...begun, ...updated], apps, this.#members);
    return { added, updated, removed, problems };
  }

  /** Everybody's schedule may read differently now. */
  lookAtClock(): void {
    for (const { supervisor } of this.#members.values()) supervisor.lookAtClock();
  }

  /** Every gate at once; then the processes, those that others depend on last. */
  async close(graceMs: number): Promise<void> {
    const members = [...this.#members.values()];
    // None is wanted any more; who needs whom still counts.
    this.#config = { ...this.#config, apps: new Map() };
    for (const { supervisor } of members) supervisor.close();
    await Promise.all(members.map((member) => this.#teardown.closeGate(member, graceMs)));
    await this.#teardown.stopAll(this.#config.graph, this.#endings);
  }

  #differs(app: AppSpec, before: FleetConfig): boolean {
    const member = this.#members.get(app.name);
    if (member === undefined) return false;
    return handoverDiffers(app.name, before, this.#config) || !isDeepStrictEqual(member.supervisor.app, app);
  }

  #begin(name: string): void {
    const app = this.#config.apps.get(name);
    const handover = this.#handoverFor(app);
    if (app === undefined || handover === undefined) return;
    const member = createMember(app, handover, this.#policyFor(app), {
      ...this.#deps,
      neighbours: this.neighbourhood,
      changed: () => this.#onChange(name),
    });
    this.#members.set(name, member);
  }

  /** Dependencies first, so that what they demand is there. */
  #start(begun: readonly string[]): void {
    for (const name of this.#config.graph.order())
      if (begun.includes(name)) this.#members.get(name)?.supervisor.start();
    this.neighbourhood.begun();
  }

  #update(name: string): void {
    const app = this.#config.apps.get(name);
    const handover = this.#handoverFor(app);
    if (app === undefined || handover === undefined) return;
    this.#members.get(name)?.supervisor.update(app, handover, this.#policyFor(app));
  }

  /** With time for those that have to end first: as long as they may take. It outlasts them, which does no harm. */
  #handoverFor(app: AppSpec | undefined): HandoverConfig | undefined {
    const handover = app && this.#config.handover.get(app.name);
    if (app === undefined || handover === undefined) return undefined;
    const endsMs = Math.max(0, ...this.#endings.inTheWayOf(app).map(longestEndMs));
    return { ...handover, wakeTimeoutMs: handover.wakeTimeoutMs + endsMs };
  }

  #policyFor(app: AppSpec): AnyPolicy {
    return this.#deps.policyFor?.(app) ?? createSimplePolicy(app);
  }

  #end(name: string): void {
    const member = this.#members.get(name);
    if (member === undefined) return;
    const { supervisor } = member;
    const { clock, store } = this.#deps;
    this.#members.delete(name);
    supervisor.close();
    store.append({ wallMs: clock.wallMs(), app: name, kind: 'config', message: 'removed' });
    // At once, not when its processes have ended: by then it may be configured again, and pins of before would come back, or go, by chance.
    store.forget(name);
    this.#endings.begin(supervisor.app, isUp(supervisor), {
      unused: this.#teardown.closeGate(member, supervisor.app.drainTimeoutMs),
      stop: () => this.#teardown.stopProcesses(name),
    });
  }

  /** It may have been configured again meanwhile, and others may have waited for its ports. */
  #ended(name: string): void {
    const { apps } = this.#config;
    const again = apps.has(name);
    if (again) {
      this.#begin(name);
      this.#start([name]);
      void bindPorts([name], apps, this.#members);
    }
    this.neighbourhood.ended();
    if (again) this.#changed(name);
  }

  #onChange(name: string): void {
    this.neighbourhood.changed(name);
    this.#changed(name);
  }
}
