import type { Address } from '../../core/app.ts';
import type { ProcessHost, ProcessObserver, SpawnRequest, SpawnResult } from '../../platforms/local/host.ts';
import type { SimClock } from './clock.ts';
import type { SimRandom } from './random.ts';
import type { Trace } from './trace.ts';

/** How one process behaves; drawn when it is spawned. */
export interface Behaviour {
  /** From the spawn to listening; `Infinity` never listens. */
  readonly listenAfterMs: number;
  /** Exits by itself this long after the spawn; `Infinity` never. */
  readonly crashAfterMs: number;
  /** From the stop signal to its end; `Infinity` ignores the signal. */
  readonly stopAfterMs: number;
  /** A child outlives the leader by this long, and goes on holding the port; 0 for no child. */
  readonly childOutlivesMs: number;
}

export interface SimProcess {
  readonly pid: number;
  readonly app: string;
  readonly replicaId: string;
  readonly mark: string;
  readonly ports: readonly number[];
  readonly behaviour: Behaviour;
  readonly spawnedAtMs: number;
  leaderAlive: boolean;
  groupAlive: boolean;
  listening: boolean;
  /** When the first stop signal came; `null` for none. */
  signalledAtMs: number | null;
  /** `null` once the Drowse that spawned it is dead. */
  observer: ProcessObserver | null;
  /** Told when the process stops serving: whoever is connected is cut. */
  readonly cut: Set<(why: 'crashed' | 'stopped') => void>;
}

export interface SimHostOptions {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly trace: Trace;
  readonly behave: (app: string) => Behaviour | 'spawn-fails';
  /** Called when Drowse sends a process its first stop signal. */
  readonly onSignal: (process: SimProcess) => void;
}

/** Processes and loopback of a simulated machine. It outlives every simulated Drowse. */
export class SimHost implements ProcessHost {
  readonly processes: SimProcess[] = [];
  private nextPid = 1000;
  private nextPort = 40_000;
  private readonly options: SimHostOptions;

  constructor(options: SimHostOptions) {
    this.options = options;
  }

  alive(): readonly SimProcess[] {
    return this.processes.filter(({ groupAlive }) => groupAlive);
  }

  spawn(request: SpawnRequest, observer: ProcessObserver): SpawnResult {
    const app = request.env['DROWSE_APP'] ?? '';
    const behaviour = this.options.behave(app);
    if (behaviour === 'spawn-fails')
      return { ok: false, code: 'EAGAIN', message: 'the simulated machine has no process to spare' };
    const spawned = this.create(request, app, behaviour, observer);
    this.processes.push(spawned);
    this.options.trace.note(`spawned ${app} as ${spawned.pid} on ${spawned.ports.join(',')}`);
    this.live(spawned);
    return { ok: true, pid: spawned.pid };
  }

  signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
    const target = this.find(groupId);
    if (target === undefined || !target.groupAlive) return false;
    this.options.trace.note(`${signal} to ${target.app} ${groupId}`);
    if (signal === 'SIGKILL') this.end(target, null, 'SIGKILL', 'stopped', true);
    else this.stop(target, signal);
    return true;
  }

  groupAlive(groupId: number): boolean {
    return this.find(groupId)?.groupAlive ?? false;
  }

  connect(address: Address, timeoutMs: number): Promise<boolean> {
    const delayMs = Math.min(timeoutMs, this.options.random.between(0.05, 0.4));
    return new Promise((resolve) => {
      this.options.clock.after(delayMs, () => resolve(this.at(address) !== undefined));
    });
  }

  get(address: Address, _path: string, timeoutMs: number): Promise<number | null> {
    return this.connect(address, timeoutMs).then((open) => (open ? 200 : null));
  }

  run(_request: SpawnRequest, timeoutMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      this.options.clock.after(Math.min(timeoutMs, 5), () => resolve(0));
    });
  }

  freePort(): number | null {
    this.nextPort += 1;
    return this.nextPort;
  }

  portFree(port: number): boolean {
    return !this.processes.some(({ listening, ports }) => listening && ports.includes(port));
  }

  listeningPorts(groupId: number): readonly number[] | null {
    const target = this.find(groupId);
    return target === undefined || !target.listening ? [] : target.ports;
  }

  resources(groupId: number): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number } | null> {
    return Promise.resolve(this.groupAlive(groupId) ? { memoryBytes: 1e7, cpuSeconds: 1 } : null);
  }

  identity(pid: number): string | null {
    const target = this.find(pid);
    return target?.leaderAlive === true ? `boot-1:${target.spawnedAtMs}:${pid}` : null;
  }

  findMarked(
    mark: string,
  ): readonly { readonly groupId: number; readonly app: string; readonly replicaId: string }[] {
    return this.alive()
      .filter((process) => process.mark === mark)
      .map(({ pid, app, replicaId }) => ({ groupId: pid, app, replicaId }));
  }

  /** The process that accepts connections at an address. */
  at(address: Address): SimProcess | undefined {
    return this.processes.find((process) => process.listening && process.ports.includes(address.port));
  }

  /** Drowse was killed: nobody hears of its children any more. They live on. */
  orphanAll(): void {
    for (const process of this.processes) process.observer = null;
  }

  private find(pid: number): SimProcess | undefined {
    return this.processes.find((process) => process.pid === pid);
  }

  private create(
    request: SpawnRequest,
    app: string,
    behaviour: Behaviour,
    observer: ProcessObserver,
  ): SimProcess {
    const names = Object.keys(request.env).filter((name) => name === 'PORT' || name.startsWith('PORT_'));
    const ports = [...new Set(names.map((name) => Number(request.env[name])))];
    this.nextPid += 1;
    return {
      pid: this.nextPid,
      app,
      replicaId: request.env['DROWSE_REPLICA'] ?? '',
      mark: request.env['DROWSE_INSTANCE'] ?? '',
      ports,
      behaviour,
      spawnedAtMs: this.options.clock.monoMs(),
      leaderAlive: true,
      groupAlive: true,
      listening: false,
      signalledAtMs: null,
      observer,
      cut: new Set(),
    };
  }

  private live(process: SimProcess): void {
    const { clock } = this.options;
    const { listenAfterMs, crashAfterMs } = process.behaviour;
    if (Number.isFinite(listenAfterMs)) clock.after(listenAfterMs, () => this.listen(process));
    if (Number.isFinite(crashAfterMs))
      clock.after(crashAfterMs, () => this.end(process, 1, null, 'crashed', false));
  }

  private listen(process: SimProcess): void {
    if (!process.leaderAlive || process.signalledAtMs !== null) return;
    const taken = this.processes.some(
      (other) => other.listening && other.ports.some((port) => process.ports.includes(port)),
    );
    if (taken) {
      process.observer?.output('stderr', new TextEncoder().encode('listen EADDRINUSE\n'));
      this.end(process, 1, null, 'crashed', true);
      return;
    }
    process.listening = true;
    this.options.trace.note(`listening: ${process.app} ${process.pid}`);
  }

  private stop(process: SimProcess, signal: NodeJS.Signals): void {
    if (process.signalledAtMs === null) {
      process.signalledAtMs = this.options.clock.monoMs();
      this.options.onSignal(process);
    }
    const { stopAfterMs } = process.behaviour;
    if (Number.isFinite(stopAfterMs))
      this.options.clock.after(stopAfterMs, () => this.end(process, null, signal, 'stopped', false));
  }

  private end(
    process: SimProcess,
    code: number | null,
    signal: NodeJS.Signals | null,
    why: 'crashed' | 'stopped',
    whole: boolean,
  ): void {
    if (!process.groupAlive) return;
    const { childOutlivesMs } = process.behaviour;
    if (!whole && childOutlivesMs > 0)
      this.options.clock.after(childOutlivesMs, () => this.groupGone(process));
    else this.groupGone(process);
    if (!process.leaderAlive) return;
    process.leaderAlive = false;
    this.options.trace.note(`ended: ${process.app} ${process.pid} (${why})`);
    const cuts = Array.from(process.cut);
    process.cut.clear();
    for (const cut of cuts) cut(why);
    // The exit of a child is heard of a moment later, as everywhere.
    this.options.clock.after(this.options.random.between(0, 2), () => process.observer?.exited(code, signal));
  }

  private groupGone(process: SimProcess): void {
    process.listening = false;
    process.groupAlive = false;
  }
}
