import type { Address } from '../../core/app.ts';
import type { ProcessHost, ProcessObserver, SpawnRequest, SpawnResult } from '../../platforms/local/host.ts';
import type { SimClock } from './clock.ts';
import { type Behaviour, createProcess, type SimProcess, type SpawnRefused, steady } from './process.ts';
import { ProcessLives } from './process-lives.ts';
import type { SimRandom } from './random.ts';
import type { Trace } from './trace.ts';

export interface SimHostOptions {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly trace: Trace;
  readonly behave: (app: string) => Behaviour | SpawnRefused;
  readonly observer: HostObserver;
}

export interface HostObserver {
  spawned(process: SimProcess): void;
  /** Drowse sends a process its first signal. Called before it takes effect. */
  signalled(process: SimProcess, signal: NodeJS.Signals): void;
}

const firstPort = 40_000;
/** Few, so that numbers come back soon. */
const ports = 60;

/** Processes and loopback of a simulated machine. It outlives every simulated Drowse. */
export class SimHost implements ProcessHost {
  /** Groups with somebody alive. */
  readonly living = new Set<SimProcess>();
  /** Ports on which programs listen that are none of Drowse's; `false`: bound, but nobody accepts. */
  readonly strangers = new Map<number, boolean>();
  private readonly byPid = new Map<number, SimProcess>();
  private nextPid = 1000;
  private readonly options: SimHostOptions;
  private readonly lives: ProcessLives;

  constructor(options: SimHostOptions) {
    this.options = options;
    this.lives = new ProcessLives(this, options.clock, options.trace);
  }

  spawn(request: SpawnRequest, observer: ProcessObserver): SpawnResult {
    const app = request.env['DROWSE_APP'] ?? '';
    const behaviour = this.options.behave(app);
    if ('refused' in behaviour)
      return { ok: false, code: behaviour.refused, message: 'the simulated machine refuses' };
    this.nextPid += 1;
    const spawned = createProcess(this.nextPid, request, behaviour, this.options.clock.monoMs());
    spawned.observer = observer;
    this.enter(spawned);
    this.options.trace.note(`spawned ${app} as ${spawned.pid} on ${spawned.ports.join(',')}`);
    this.options.observer.spawned(spawned);
    this.lives.begin(spawned);
    return { ok: true, pid: spawned.pid };
  }

  signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
    const target = this.byPid.get(groupId);
    if (target === undefined || !target.groupAlive) return false;
    this.options.trace.note(`${signal} to ${target.app} ${groupId}`);
    if (target.signalledAtMs === null) {
      this.options.observer.signalled(target, signal);
      target.signalledAtMs = this.options.clock.monoMs();
    }
    if (signal === 'SIGKILL') this.lives.end(target, null, signal, true);
    else this.lives.stop(target, signal);
    return true;
  }

  groupAlive(groupId: number): boolean {
    return this.byPid.get(groupId)?.groupAlive ?? false;
  }

  connect(address: Address, timeoutMs: number): Promise<boolean> {
    const delayMs = Math.min(timeoutMs, this.options.random.between(0.05, 0.4));
    return new Promise((resolve) => {
      this.options.clock.after(delayMs, () => resolve(this.accepts(address)));
    });
  }

  get(address: Address, _path: string, timeoutMs: number): Promise<number | null> {
    return this.connect(address, timeoutMs).then((open) => (open ? 200 : null));
  }

  run(request: SpawnRequest, timeoutMs: number): Promise<number | null> {
    const address = { host: '127.0.0.1', port: Number(request.env['PORT']) };
    return new Promise((resolve) => {
      const look = (): void => resolve(this.accepts(address) ? 0 : 1);
      this.options.clock.after(Math.min(timeoutMs, this.options.random.between(2, 20)), look);
    });
  }

  freePort(): number | null {
    for (let attempt = 0; attempt < ports; attempt += 1) {
      const port = firstPort + this.options.random.below(ports);
      if (this.portFree(port)) return port;
    }
    return null;
  }

  portFree(port: number): boolean {
    return !this.strangers.has(port) && this.listenerAt(port) === undefined;
  }

  listeningPorts(groupId: number): readonly number[] | null {
    const target = this.byPid.get(groupId);
    return target?.listening === true ? target.ports : [];
  }

  resources(groupId: number): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number } | null> {
    return Promise.resolve(this.groupAlive(groupId) ? { memoryBytes: 1e7, cpuSeconds: 1 } : null);
  }

  identity(pid: number): string | null {
    const target = this.byPid.get(pid);
    return target?.leaderAlive === true ? `boot-1:${target.spawnedAtMs}` : null;
  }

  findMarked(
    mark: string,
  ): readonly { readonly groupId: number; readonly app: string; readonly replicaId: string }[] {
    return [...this.living]
      .filter((process) => process.mark === mark)
      .map(({ pid, app, replicaId }) => ({ groupId: pid, app, replicaId }));
  }

  /** The process of an app that listens at a port. */
  listenerAt(port: number): SimProcess | undefined {
    for (const process of this.living) if (process.listening && process.ports.includes(port)) return process;
    return undefined;
  }

  /** Who takes a connection now: a process, a program that is none of Drowse's, or nobody. */
  dial(address: Address): SimProcess | 'stranger' | null {
    if (address.host !== '127.0.0.1') return null;
    if (this.strangers.get(address.port) === true) return 'stranger';
    const process = this.listenerAt(address.port);
    if (process === undefined || this.options.clock.monoMs() < process.refusesUntilMs) return null;
    return process.signalledAtMs !== null && process.behaviour.closesAtSignal ? null : process;
  }

  crash(process: SimProcess): void {
    this.lives.end(process, 1, null, false);
  }

  /** A program that is none of Drowse's is given the number of a process that has ended. */
  reusePid(pid: number): void {
    const request = { file: '', args: [], cwd: '/', env: {} };
    this.enter(createProcess(pid, request, steady, this.options.clock.monoMs()));
  }

  /** Drowse was killed: nobody hears of its children any more. They live on. */
  orphanAll(): void {
    for (const process of this.byPid.values()) process.observer = null;
  }

  private enter(process: SimProcess): void {
    this.byPid.set(process.pid, process);
    this.living.add(process);
  }

  private accepts(address: Address): boolean {
    return this.dial(address) !== null;
  }
}
