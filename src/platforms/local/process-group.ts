import type { StopSpec } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProcessLog, ReplicaOutput } from './app-log.ts';
import { type Exit, spawnFailure } from './failures.ts';
import { GroupEnding } from './group-ending.ts';
import type { ProcessHost, SpawnRequest } from './host.ts';
import type { ProcessRecord, ProcessRegistry } from './registry.ts';

export interface ProcessGroupDeps {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly registry: ProcessRegistry;
  readonly log: ProcessLog;
}

export interface ProcessGroupObserver {
  /** The leader has ended, asked or unasked. Whoever wants the others ended too calls `end` before this returns. */
  leaderExited(exit: Exit): void;
  /** The leader has ended, and others of the group live on. */
  outlived(): void;
  /** Not one process of the group is left. */
  gone(): void;
}

/** The processes of one replica: spawned as one, on record for as long as one of them lives, and ended together. */
export class ProcessGroup {
  readonly #deps: ProcessGroupDeps;
  readonly #replicaId: string;
  readonly #output: ReplicaOutput;
  readonly #observer: ProcessGroupObserver;
  #id = 0;
  #leaderLives = false;
  #spawnedAtMs: number | null = null;
  #ending: GroupEnding | null = null;

  constructor(
    deps: ProcessGroupDeps,
    replicaId: string,
    output: ReplicaOutput,
    observer: ProcessGroupObserver,
  ) {
    this.#deps = deps;
    this.#replicaId = replicaId;
    this.#output = output;
    this.#observer = observer;
  }

  get id(): number {
    return this.#id;
  }

  get leaderPid(): number | null {
    return this.#leaderLives ? this.#id : null;
  }

  get spawnedAtMs(): number | null {
    return this.#spawnedAtMs;
  }

  /** Synchronous. A failure means that there is no process. */
  spawn(request: SpawnRequest, { app, addresses }: Pick<ProcessRecord, 'app' | 'addresses'>): Failure | null {
    const { host, clock, registry } = this.#deps;
    const result = host.spawn(request, {
      output: (stream, chunk) => this.#output.push(stream, chunk),
      exited: (code, signal) => this.#exited({ code, signal }),
    });
    if (!result.ok) return spawnFailure(result);
    this.#spawnedAtMs = clock.monoMs();
    this.#id = result.pid;
    this.#leaderLives = true;
    const identity = host.identity(this.#id) ?? null;
    registry.record({ app, replicaId: this.#replicaId, groupId: this.#id, identity, addresses });
    return null;
  }

  /** To be called once. */
  end({ signal, graceMs }: StopSpec): void {
    const { host, clock, log } = this.#deps;
    const sinceMs = clock.monoMs();
    const group = {
      signal: (name: NodeJS.Signals) => host.signalGroup(this.#id, name),
      alive: () => host.groupAlive(this.#id),
    };
    this.#ending = new GroupEnding(group, clock, this.#leaderLives, {
      killed: () => {
        const tookMs = Math.round(clock.monoMs() - sinceMs);
        log.note(this.#replicaId, `had not stopped ${tookMs} ms after its signal: killed`);
      },
      gone: () => this.#gone(),
    });
    this.#ending.start(signal, graceMs);
  }

  /** Without waiting for the grace, once it is ending. */
  kill(): void {
    this.#ending?.kill();
  }

  #exited(exit: Exit): void {
    if (!this.#leaderLives) return;
    this.#leaderLives = false;
    this.#output.end();
    this.#observer.leaderExited(exit);
    if (this.#ending?.leaderExited() !== true) this.#observer.outlived();
  }

  #gone(): void {
    this.#output.end();
    this.#deps.registry.forget(this.#replicaId);
    this.#observer.gone();
  }
}
