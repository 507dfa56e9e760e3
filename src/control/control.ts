import type { AppSpec } from '../core/app.ts';
import type { PolicyEvent } from '../core/policy/types.ts';
import type { AppLog, Resources } from '../ports/platform.ts';
import type { JournalEntry, JournalQuery } from '../ports/store.ts';
import { ChangeFeed } from './change-feed.ts';
import { type ApplyResult, Fleet, type FleetDeps } from './fleet.ts';
import type { Member } from './member.ts';
import { ResourceReadings } from './resource-readings.ts';
import { type Sources, statusOf, whyOf } from './status-of.ts';
import type { AppStatus, CommandResult, OperatorCommand, StatusChange, WhyStatus } from './status.ts';
import { WallWatch } from './wall-watch.ts';

export type ControlDeps = FleetDeps;

/** All apps of one Drowse. No method but `apply` and `close` waits for anything, and none throws or rejects for what an app, its configuration or the world does. */
export interface Control {
  /**
   * Makes these the apps: new ones begin, changed ones change without dropping a connection, missing ones end. Resolves when every port is bound or known
   * not to be; what is ending goes on ending. Calls are carried out one after the other.
   */
  apply(apps: readonly AppSpec[]): Promise<ApplyResult>;
  list(): readonly AppStatus[];
  /** `null`: no such app. */
  get(name: string): AppStatus | null;
  why(name: string): WhyStatus | null;
  /** A wake begins before this returns. `null` for as many replicas as before; `conflict` for more than the app may have. */
  wake(name: string, replicas: number | null, by: string): CommandResult;
  /** `conflict` where something keeps the app up that has to be taken away first. */
  sleep(name: string, by: string): CommandResult;
  /** Wall clock; `null` for without end. */
  pin(name: string, untilWallMs: number | null, by: string): CommandResult;
  unpin(name: string, by: string): CommandResult;
  logs(name: string): AppLog | null;
  /** Newest first. */
  journal(query: JournalQuery): readonly JournalEntry[];
  /** Calls back in the turn of each change, until the returned function is called. */
  subscribe(listener: (change: StatusChange) => void): () => void;
  /** Reads memory and CPU of the apps that run, where the last reading is older than a second: for those who want `list` fresh. */
  refreshResources(): Promise<void>;
  /** Stops listening, refuses the held, lets what is in flight finish for at most `graceMs`, then stops every process. */
  close(graceMs: number): Promise<void>;
}

export function createControl(deps: ControlDeps): Control {
  return new LocalControl(deps);
}

class LocalControl implements Control {
  readonly #deps: ControlDeps;
  readonly #fleet: Fleet;
  readonly #feed: ChangeFeed;
  readonly #resources: ResourceReadings;
  readonly #watch: WallWatch;
  #applying: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#feed = new ChangeFeed(deps.logger);
    this.#resources = new ResourceReadings(deps);
    this.#fleet = new Fleet(deps, (name) => this.#feed.tell({ type: 'changed', name }));
    this.#watch = new WallWatch(deps.clock, {
      jumped: (byMs) => deps.logger.warn({ byMs }, 'the wall clock jumped: schedules are read again'),
      looked: () => this.#fleet.lookAtClock(),
    });
  }

  apply(apps: readonly AppSpec[]): Promise<ApplyResult> {
    const result = this.#applying.then(() => this.#apply(apps));
    this.#applying = result.catch(() => undefined);
    return result;
  }

  list(): readonly AppStatus[] {
    return [...this.#fleet.members.values()].map((member) => statusOf(this.#sources(member)));
  }

  get(name: string): AppStatus | null {
    const member = this.#fleet.members.get(name);
    return member === undefined ? null : statusOf(this.#sources(member));
  }

  why(name: string): WhyStatus | null {
    const member = this.#fleet.members.get(name);
    return member === undefined ? null : whyOf(this.#sources(member), this.#deps.platform.startAdvice(name));
  }

  wake(name: string, replicas: number | null, by: string): CommandResult {
    const max = this.#fleet.members.get(name)?.supervisor.app.maxReplicas ?? Infinity;
    if (replicas !== null && replicas > max) {
      const message = `maxReplicas of ${name} is ${max}: ask for no more, or raise it in the configuration.`;
      return { ok: false, code: 'conflict', message };
    }
    return this.#command(name, 'wake', { type: 'wake', replicas, by }, by, { replicas });
  }

  sleep(name: string, by: string): CommandResult {
    const result = this.#command(name, 'sleep', { type: 'sleep', by }, by, {});
    const status = result.ok ? this.get(name) : null;
    if (status === null || status.desired === 0) return result;
    const cure = status.pinned === null ? '' : ` Let it sleep again: drowse unpin ${name}`;
    const message = `${status.keptAwakeBy[0]?.message ?? 'Its policy keeps it up.'}${cure}`;
    return { ok: false, code: 'conflict', message };
  }

  pin(name: string, untilWallMs: number | null, by: string): CommandResult {
    return this.#command(name, 'pin', { type: 'pin', untilMs: untilWallMs, by }, by, { untilWallMs });
  }

  unpin(name: string, by: string): CommandResult {
    return this.#command(name, 'unpin', { type: 'unpin', by }, by, {});
  }

  logs(name: string): AppLog | null {
    return this.#fleet.members.has(name) ? this.#deps.platform.logs(name) : null;
  }

  journal(query: JournalQuery): readonly JournalEntry[] {
    return this.#deps.store.journal(query);
  }

  subscribe(listener: (change: StatusChange) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  async refreshResources(): Promise<void> {
    const running = [...this.#fleet.members.values()].filter(runs);
    await Promise.all(running.map(({ supervisor }) => this.#resources.refresh(supervisor.name)));
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  #command(
    name: string,
    command: OperatorCommand,
    event: PolicyEvent,
    by: string,
    detail: Readonly<Record<string, unknown>>,
  ): CommandResult {
    const member = this.#fleet.members.get(name);
    if (member === undefined) return { ok: false, code: 'no-such-app', message: `There is no app ${name}.` };
    if (this.#closing !== null) return { ok: false, code: 'conflict', message: 'Drowse is shutting down.' };
    if (command === 'wake') this.#fleet.neighbourhood.forgiveNeedsOf(name, by);
    member.supervisor.command(command, event, by, detail);
    return { ok: true };
  }

  async #apply(apps: readonly AppSpec[]): Promise<ApplyResult> {
    if (this.#closing !== null) return { added: [], updated: [], removed: [], problems: [] };
    const result = await this.#fleet.apply(new Map(apps.map((app) => [app.name, app])));
    for (const name of result.removed) {
      this.#resources.forget(name);
      this.#feed.tell({ type: 'removed', name });
    }
    for (const name of result.added) this.#feed.tell({ type: 'changed', name });
    return result;
  }

  async #close(graceMs: number): Promise<void> {
    this.#watch.close();
    await this.#applying;
    await this.#fleet.close(graceMs);
    this.#feed.close();
  }

  #sources(member: Member): Sources {
    const { supervisor, binding } = member;
    const dependsOn = this.#fleet.neighbourhood.needsOf(supervisor.name).map((name) => ({
      name,
      phase: this.#fleet.members.get(name)?.supervisor.handover.phase ?? null,
    }));
    return {
      supervisor,
      dependsOn,
      waitsForEndOf: this.#fleet.neighbourhood.inTheWayOf(supervisor.name),
      problem: binding.problem,
      resources: this.#resourcesOf(member),
      clock: this.#deps.clock,
    };
  }

  /** What was read of processes that are gone says nothing. */
  #resourcesOf(member: Member): Resources | null {
    const { name } = member.supervisor;
    if (!runs(member)) this.#resources.forget(name);
    return this.#resources.of(name);
  }
}

function runs({ supervisor }: Member): boolean {
  return supervisor.automata.scaling.replicas.length > 0;
}
