import type { ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { ProcessLog } from './app-log.ts';
import { badPattern, notReady, outputLines, portInUse } from './failures.ts';
import type { ProcessHost } from './host.ts';
import { type Marks, planCommand } from './launch.ts';
import { PortContest } from './port-contest.ts';
import type { ProbePace } from './probe-pace.ts';
import { createProbe, ReadinessWatch } from './readiness.ts';
import { StartAdvice } from './start-advice.ts';

export interface StartupDeps {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly log: ProcessLog;
  readonly pace: ProbePace;
}

/** What is started, and where it is to listen. */
export interface Launch {
  readonly app: ProcessApp;
  readonly ports: readonly number[];
  readonly marks: Marks;
}

export interface StartupObserver {
  /** `host`: the address at which it answers. The start is over. */
  ready(host: string): void;
  /** It will not become ready. The start goes on until it is cancelled. */
  failed(failure: Failure): void;
}

/** The start of one replica, from its spawn until it is ready, fails or is given up: by probes or lines of output, within the start time-out. */
export class Startup {
  readonly #deps: StartupDeps;
  readonly #launch: Launch;
  readonly #observer: StartupObserver;
  readonly #contest: PortContest;
  readonly #advice: StartAdvice;
  #groupId = 0;
  #pattern: RegExp | null = null;
  #watch: ReadinessWatch | null = null;
  #timer: Timer | null = null;
  #over = false;

  constructor(deps: StartupDeps, launch: Launch, observer: StartupObserver) {
    this.#deps = deps;
    this.#launch = launch;
    this.#observer = observer;
    this.#contest = new PortContest(deps.host, launch.app);
    this.#advice = new StartAdvice(deps.host, deps.clock);
  }

  /** The port on which somebody else seems to listen; `null` for none. */
  get contestedPort(): number | null {
    return this.#contest.port;
  }

  /** What seems to keep it from becoming ready. */
  advice(): string | null {
    const { app, ports } = this.#launch;
    return this.#over ? null : this.#advice.of(app, ports, this.#groupId);
  }

  /** Before the spawn: a failure means that it could never be seen to be ready. */
  prepare(): Failure | null {
    const { readiness } = this.#launch.app;
    if (readiness.kind !== 'log') return null;
    try {
      this.#pattern = new RegExp(readiness.pattern);
    } catch (cause) {
      return badPattern(readiness.pattern, cause);
    }
    return null;
  }

  /** In the turn of the spawn. */
  begin(groupId: number): void {
    this.#groupId = groupId;
    const { startTimeoutMs } = this.#launch.app;
    this.#timer = this.#deps.clock.after(startTimeoutMs, () => this.#tooLate());
    this.#watchReadiness();
    this.#contest.look();
  }

  readLine(text: string): void {
    if (!this.#over && this.#pattern?.test(text)) this.#ready('127.0.0.1');
  }

  /** Nothing comes of it any more. */
  cancel(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#watch?.cancel();
  }

  #watchReadiness(): void {
    const { app, ports, marks } = this.#launch;
    const probe = createProbe(this.#deps.host, app, ports[0] ?? 0, (command) =>
      planCommand(app, command, ports, marks),
    );
    if (probe === null) return;
    this.#watch = new ReadinessWatch(this.#deps, app.readiness.kind, probe, (host) => this.#ready(host));
  }

  #ready(host: string): void {
    if (this.#over) return;
    const lost = this.#contest.lostBy(this.#groupId);
    if (lost !== null) return this.#observer.failed(portInUse(lost, this.#lastOutput()));
    this.cancel();
    this.#observer.ready(host);
  }

  #tooLate(): void {
    const { app, ports } = this.#launch;
    const listening = this.#deps.host.listeningPorts(this.#groupId);
    this.#observer.failed(notReady(app, ports[0] ?? 0, listening, this.#lastOutput()));
  }

  #lastOutput(): readonly string[] {
    return this.#deps.log.lastOutput(this.#launch.marks.replicaId, outputLines);
  }
}
