import type { ProcessApp, PortAddress } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Replica } from '../../ports/platform.ts';
import type { ProcessLog, ReplicaOutput } from './app-log.ts';
import {
  badPattern,
  type Exit,
  exitFailure,
  notReady,
  outputLines,
  portInUse,
  spawnFailure,
} from './failures.ts';
import { GroupEnding } from './group-ending.ts';
import type { ProcessHost } from './host.ts';
import { type Marks, planCommand, planLaunch } from './launch.ts';
import { createProbe, ReadinessWatch } from './readiness.ts';
import { PortContest } from './port-contest.ts';
import type { ProbePace } from './probe-pace.ts';
import type { ProcessRegistry } from './registry.ts';
import { StartAdvice } from './start-advice.ts';

export interface ReplicaContext {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly registry: ProcessRegistry;
  readonly log: ProcessLog;
  readonly pace: ProbePace;
}

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
  readonly app: ProcessApp;
  readonly marks: Marks;
  readonly #context: ReplicaContext;
  readonly #observer: ReplicaObserver;
  readonly #startedAtMs: number;
  readonly #output: ReplicaOutput;
  readonly #ports: readonly number[];
  #host = '127.0.0.1';
  #stage: Stage = 'starting';
  #groupId = 0;
  #leaderLives = false;
  #spawnedAtMs: number | null = null;
  #readyAtMs: number | null = null;
  #pattern: RegExp | null = null;
  #watch: ReadinessWatch | null = null;
  /** The start time-out, then the drain time-out. */
  #timer: Timer | null = null;
  #ending: GroupEnding | null = null;
  readonly #contest: PortContest;
  readonly #advice: StartAdvice;

  constructor(
    context: ReplicaContext,
    app: ProcessApp,
    ports: readonly number[],
    marks: Marks,
    observer: ReplicaObserver,
  ) {
    this.#context = context;
    this.app = app;
    this.#ports = ports;
    this.marks = marks;
    this.#observer = observer;
    this.#startedAtMs = context.clock.monoMs();
    this.#contest = new PortContest(context.host, app);
    this.#advice = new StartAdvice(context.host, context.clock);
    this.#output = context.log.open(marks.replicaId, (text) => this.#readLine(text));
  }

  get id(): string {
    return this.marks.replicaId;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get ports(): readonly number[] {
    return this.#ports;
  }

  get groupId(): number {
    return this.#groupId;
  }

  /** What seems to keep it from becoming ready, while it starts. */
  advice(): string | null {
    return this.#stage === 'starting' ? this.#advice.of(this.app, this.#ports, this.#groupId) : null;
  }

  snapshot(): Replica {
    return {
      id: this.id,
      phase: this.#stage === 'starting' || this.#stage === 'serving' ? this.#stage : 'terminating',
      addresses: this.#addresses(),
      pid: this.#leaderLives ? this.#groupId : null,
      startedAtMs: this.#startedAtMs,
      spawnedAtMs: this.#spawnedAtMs,
      readyAtMs: this.#readyAtMs,
    };
  }

  /** Spawns, synchronously. A failure means that there is no process, and that this replica never was. */
  start(): Failure | null {
    const refusal = this.#prepare();
    if (refusal) return refusal;
    const { host, clock, log } = this.#context;
    const result = host.spawn(planLaunch(this.app, this.#ports, this.marks), {
      output: (stream, chunk) => this.#output.push(stream, chunk),
      exited: (code, signal) => this.#exited({ code, signal }),
    });
    if (!result.ok) return spawnFailure(result);
    this.#spawnedAtMs = clock.monoMs();
    this.#groupId = result.pid;
    this.#leaderLives = true;
    this.#remember();
    log.note(this.id, `started process ${result.pid}, port ${this.#ports.join(', ')}`);
    this.#timer = clock.after(this.app.startTimeoutMs, () => this.#tooLate());
    this.#watchReadiness();
    this.#contest.look();
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
    if (this.#ending === null) this.#end('SIGKILL');
    else this.#ending.kill();
  }

  #stopAndTell(): void {
    this.stop();
    this.#observer.changed();
  }

  #prepare(): Failure | null {
    const { readiness } = this.app;
    if (readiness.kind === 'log') {
      try {
        this.#pattern = new RegExp(readiness.pattern);
      } catch (cause) {
        return badPattern(readiness.pattern, cause);
      }
    }
    return null;
  }

  #remember(): void {
    const { host, registry } = this.#context;
    const identity = host.identity(this.#groupId) ?? null;
    registry.record({
      app: this.app.name,
      replicaId: this.id,
      groupId: this.#groupId,
      identity,
      addresses: this.#addresses(),
    });
  }

  #watchReadiness(): void {
    const { host } = this.#context;
    const { readiness } = this.app;
    const probe = createProbe(host, this.app, this.#mainPort(), (command) =>
      planCommand(this.app, command, this.#ports, this.marks),
    );
    if (probe)
      this.#watch = new ReadinessWatch(this.#context, readiness.kind, probe, (address) =>
        this.#ready(address),
      );
  }

  #readLine(text: string): void {
    if (this.#stage === 'starting' && this.#pattern?.test(text)) this.#ready(this.#host);
  }

  #ready(host: string): void {
    if (this.#stage !== 'starting') return;
    const lost = this.#contest.lostBy(this.#groupId);
    if (lost !== null) return this.#fail(portInUse(lost, this.#lastOutput()));
    this.#timer?.cancel();
    this.#watch?.cancel();
    this.#host = host;
    this.#readyAtMs = this.#context.clock.monoMs();
    this.#stage = 'serving';
    this.#observer.changed();
    this.#context.log.note(
      this.id,
      `ready ${Math.round(this.#readyAtMs - this.#startedAtMs)} ms after its start`,
    );
  }

  #tooLate(): void {
    const listening = this.#context.host.listeningPorts(this.#groupId);
    this.#fail(notReady(this.app, this.#mainPort(), listening, this.#lastOutput()));
  }

  #fail(failure: Failure): void {
    this.#context.log.note(this.id, failure.message);
    this.#end(this.app.stop.signal);
    this.#observer.failed(failure, this);
    this.#observer.changed();
  }

  #exited(exit: Exit): void {
    if (!this.#leaderLives) return;
    this.#leaderLives = false;
    this.#output.end();
    if (this.#ending)
      this.#context.log.note(this.id, `stopped (${exit.signal ?? `code ${exit.code ?? 'unknown'}`})`);
    const ending = this.#ending ?? this.#endLeaderless(exit);
    if (!ending.leaderExited()) this.#observer.changed();
  }

  /** It ended unasked. Without its leader the rest of the group can neither serve nor be told from strangers later. */
  #endLeaderless(exit: Exit): GroupEnding {
    const died = this.#stage === 'starting' || this.#stage === 'serving';
    const failure = this.#exitFailure(exit);
    const ending = this.#end('SIGKILL');
    this.#context.log.note(this.id, failure.message);
    if (died) this.#observer.failed(failure, this);
    return ending;
  }

  #exitFailure(exit: Exit): Failure {
    const ready = this.#readyAtMs !== null;
    const { port } = this.#contest;
    if (!ready && port !== null) return portInUse(port, this.#lastOutput());
    const livedMs = this.#context.clock.monoMs() - this.#startedAtMs;
    return exitFailure(this.app, exit, ready, livedMs, this.#lastOutput());
  }

  #end(signal: NodeJS.Signals): GroupEnding {
    this.#timer?.cancel();
    this.#watch?.cancel();
    this.#stage = 'ending';
    const { host, clock, log } = this.#context;
    const since = clock.monoMs();
    const group = {
      signal: (name: NodeJS.Signals) => host.signalGroup(this.#groupId, name),
      alive: () => host.groupAlive(this.#groupId),
    };
    this.#ending = new GroupEnding(group, clock, this.#leaderLives, {
      killed: () =>
        log.note(
          this.id,
          `had not stopped ${Math.round(clock.monoMs() - since)} ms after its signal: killed`,
        ),
      gone: () => this.#gone(),
    });
    this.#ending.start(signal, this.app.stop.graceMs);
    return this.#ending;
  }

  #gone(): void {
    this.#output.end();
    this.#context.registry.forget(this.id);
    this.#observer.gone(this);
  }

  #mainPort(): number {
    return this.#ports[0] ?? 0;
  }

  #addresses(): readonly PortAddress[] {
    return this.#ports.map((port, index) => ({
      host: this.#host,
      port,
      portName: this.app.ports[index]?.name ?? '',
    }));
  }

  #lastOutput(): readonly string[] {
    return this.#context.log.lastOutput(this.id, outputLines);
  }
}
