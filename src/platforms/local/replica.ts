import type { PortAddress, ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Replica } from '../../ports/platform.ts';
import { type Exit, exitFailure, outputLines, portInUse } from './failures.ts';
import { planLaunch } from './launch.ts';
import { ProcessGroup, type ProcessGroupDeps } from './process-group.ts';
import { type Launch, Startup, type StartupDeps } from './startup.ts';

export type ReplicaContext = ProcessGroupDeps & StartupDeps;

export interface ReplicaObserver {
  /** Delivered before the `changed` or `gone` that follows from it. */
  failed(failure: Failure, replica: ReplicaProcess): void;
  changed(): void;
  /** The whole group is gone. */
  gone(replica: ReplicaProcess): void;
}

/** `draining`: takes nothing new and has had no signal yet; `ending`: on its way out for good. */
type Stage = 'starting' | 'serving' | 'draining' | 'ending';

/** One process group that this Drowse has started, from its spawn to its last process. */
export class ReplicaProcess {
  readonly #launch: Launch;
  readonly #context: ReplicaContext;
  readonly #observer: ReplicaObserver;
  readonly #startedAtMs: number;
  readonly #startup: Startup;
  readonly #group: ProcessGroup;
  #host = '127.0.0.1';
  #stage: Stage = 'starting';
  #readyAtMs: number | null = null;
  /** The drain time-out. */
  #timer: Timer | null = null;

  constructor(context: ReplicaContext, launch: Launch, observer: ReplicaObserver) {
    this.#context = context;
    this.#launch = launch;
    this.#observer = observer;
    this.#startedAtMs = context.clock.monoMs();
    const startup = new Startup(context, launch, {
      ready: (host) => this.#ready(host),
      failed: (failure) => this.#fail(failure),
    });
    this.#startup = startup;
    const output = context.log.open(this.id, (text) => startup.readLine(text));
    this.#group = new ProcessGroup(context, this.id, output, {
      leaderExited: (exit) => this.#leaderExited(exit),
      outlived: () => observer.changed(),
      gone: () => observer.gone(this),
    });
  }

  get id(): string {
    return this.#launch.marks.replicaId;
  }

  get app(): ProcessApp {
    return this.#launch.app;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get ports(): readonly number[] {
    return this.#launch.ports;
  }

  get groupId(): number {
    return this.#group.id;
  }

  /** What seems to keep it from becoming ready, while it starts. */
  advice(): string | null {
    return this.#startup.advice();
  }

  snapshot(): Replica {
    return {
      id: this.id,
      phase: this.#stage === 'starting' || this.#stage === 'serving' ? this.#stage : 'terminating',
      addresses: this.#addresses(),
      pid: this.#group.leaderPid,
      startedAtMs: this.#startedAtMs,
      spawnedAtMs: this.#group.spawnedAtMs,
      readyAtMs: this.#readyAtMs,
    };
  }

  /** Spawns, synchronously. A failure means that there is no process, and that this replica never was. */
  start(): Failure | null {
    const { app, ports, marks } = this.#launch;
    const record = { app: app.name, addresses: this.#addresses() };
    const refusal = this.#startup.prepare() ?? this.#group.spawn(planLaunch(app, ports, marks), record);
    if (refusal !== null) return refusal;
    this.#note(`started process ${this.groupId}, port ${ports.join(', ')}`);
    this.#startup.begin(this.groupId);
    return null;
  }

  /** Takes the replica out of use: one that serves may finish what is in flight, one that only starts is stopped at once. */
  retire(): void {
    if (this.#stage === 'starting') return this.stop();
    if (this.#stage !== 'serving') return;
    this.#stage = 'draining';
    this.#timer = this.#context.clock.after(this.app.drainTimeoutMs, () => this.#stopAndTell());
  }

  /** Nothing is in flight any more. */
  vacated(): void {
    if (this.#stage === 'draining') this.#stopAndTell();
  }

  /** Back into use, if it has had no signal yet. */
  revive(): boolean {
    if (this.#stage !== 'draining') return false;
    this.#timer?.cancel();
    this.#stage = 'serving';
    return true;
  }

  /** Stop signal now, SIGKILL after the grace. Asking twice does no harm. */
  stop(): void {
    if (this.#stage !== 'ending') this.#end(this.app.stop.signal);
  }

  /** Ends the whole group now, whatever it is doing. */
  kill(): void {
    if (this.#stage !== 'ending') this.#end('SIGKILL');
    else this.#group.kill();
  }

  #stopAndTell(): void {
    this.stop();
    this.#observer.changed();
  }

  #ready(host: string): void {
    this.#host = host;
    this.#readyAtMs = this.#context.clock.monoMs();
    this.#stage = 'serving';
    this.#observer.changed();
    this.#note(`ready ${Math.round(this.#readyAtMs - this.#startedAtMs)} ms after its start`);
  }

  #fail(failure: Failure): void {
    this.#note(failure.message);
    this.#end(this.app.stop.signal);
    this.#observer.failed(failure, this);
    this.#observer.changed();
  }

  #leaderExited(exit: Exit): void {
    if (this.#stage === 'ending') this.#note(`stopped (${exit.signal ?? `code ${exit.code ?? 'unknown'}`})`);
    else this.#endLeaderless(exit);
  }

  /** It ended unasked. Without its leader the rest of the group can neither serve nor be told from strangers later. */
  #endLeaderless(exit: Exit): void {
    const died = this.#stage === 'starting' || this.#stage === 'serving';
    const failure = this.#exitFailure(exit);
    this.#end('SIGKILL');
    this.#note(failure.message);
    if (died) this.#observer.failed(failure, this);
  }

  #exitFailure(exit: Exit): Failure {
    const ready = this.#readyAtMs !== null;
    const output = this.#context.log.lastOutput(this.id, outputLines);
    const port = this.#startup.contestedPort;
    if (!ready && port !== null) return portInUse(port, output);
    return exitFailure(this.app, exit, ready, this.#context.clock.monoMs() - this.#startedAtMs, output);
  }

  #end(signal: NodeJS.Signals): void {
    this.#timer?.cancel();
    this.#startup.cancel();
    this.#stage = 'ending';
    this.#group.end({ signal, graceMs: this.app.stop.graceMs });
  }

  #addresses(): readonly PortAddress[] {
    return this.ports.map((port, index) => ({
      host: this.#host,
      port,
      portName: this.app.ports[index]?.name ?? '',
    }));
  }

  #note(text: string): void {
    this.#context.log.note(this.id, text);
  }
}
