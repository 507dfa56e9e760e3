import type { AppSpec, ProcessApp } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AppLog, Platform, PlatformObserver, Resources } from '../../ports/platform.ts';
import type { Random } from '../../ports/random.ts';
import { ProcessLog } from './app-log.ts';
import { type AppContext, AppProcesses } from './app-processes.ts';
import { freePort } from './free-ports.ts';
import type { ProcessHost } from './host.ts';
import { createLogFile, type LogFileLimits } from './log-file.ts';
import { ProbePace } from './probe-pace.ts';
import type { ProcessRegistry } from './registry.ts';
import { Sweep } from './sweep.ts';

export interface LocalPlatformDeps {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly registry: ProcessRegistry;
  /** Where the output of apps is kept in files; `null` for memory alone. */
  readonly logDirectory: string | null;
  /** When a file of output is set aside, and how many are kept. */
  readonly logFiles?: Pick<LogFileLimits, 'maxBytes' | 'files'>;
  /** Tells the processes of this Drowse from those of any other on the machine; the same after a restart (one per state directory). */
  readonly mark: string;
}

export interface LocalPlatform extends Platform {
  /**
   * Ends what an earlier Drowse left behind of apps that are not configured any more: to be called once, after every `add`. Resolves when all of it is gone.
   */
  sweep(): Promise<void>;
  /** Ends what has left the group of its replica (a child that became a daemon, say) and outlived it: to be called when all apps have been removed. Resolves when it is gone. */
  sweepStrays(): Promise<void>;
  /** Kills every process group at once, also those that are on their way out. Nothing is started any more. Resolves when all of it is gone. */
  killAll(): Promise<void>;
}

/**
 * Apps as processes of this machine. Left-overs of a killed Drowse are looked for once, here. `observed` and `failed` may be called from within `add`, `scale`, `vacated` and
 * `remove`, after the platform has done its part; the observer may call back at once.
 */
export function createLocalPlatform(deps: LocalPlatformDeps): LocalPlatform {
  return new ProcessPlatform(deps);
}

interface Entry {
  readonly processes: AppProcesses;
  readonly log: ProcessLog;
}

class ProcessPlatform implements LocalPlatform {
  readonly #deps: LocalPlatformDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #pace = new ProbePace();
  /** Removed apps whose processes are not all gone yet: their ports are still theirs. */
  readonly #leaving = new Set<Entry>();
  readonly #sweep: Sweep;

  constructor(deps: LocalPlatformDeps) {
    this.#deps = deps;
    this.#sweep = new Sweep({ ...deps, less: () => this.#portsFreed() });
  }

  add(spec: AppSpec, observer: PlatformObserver): void {
    const app = processApp(spec);
    if (this.#entries.has(app.name)) throw new Error(`app ${app.name} has been added already`);
    const log = this.#openLog(app.name);
    const processes = new AppProcesses(this.#appContext(log), app, observer, this.#sweep.claim(app.name));
    this.#entries.set(app.name, { processes, log });
    processes.begin();
  }

  update(app: AppSpec): boolean {
    return this.#entries.get(app.name)?.processes.update(processApp(app)) ?? false;
  }

  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    this.#leaving.add(entry);
    await entry.processes.remove();
    this.#leaving.delete(entry);
    await entry.log.close();
  }

  scale(name: string, replicas: number): void {
    this.#entries.get(name)?.processes.scale(replicas);
  }

  vacated(name: string, replicaId: string): void {
    this.#entries.get(name)?.processes.vacated(replicaId);
  }

  async resources(name: string): Promise<Resources | null> {
    const groupIds = this.#entries.get(name)?.processes.groupIds;
    if (!groupIds) return null;
    return sum(await Promise.all(groupIds.map((groupId) => this.#deps.host.resources(groupId))));
  }

  startAdvice(name: string): string | null {
    return this.#entries.get(name)?.processes.startAdvice() ?? null;
  }

  logs(name: string): AppLog {
    return this.#entries.get(name)?.log ?? nothing;
  }

  sweep(): Promise<void> {
    return this.#sweep.sweep();
  }

  async killAll(): Promise<void> {
    const swept = this.sweep();
    // Only now is everything on its way out that can be killed.
    this.#sweep.kill();
    await Promise.all([swept, ...this.#processes().map((processes) => processes.kill())]);
    const strays = this.sweepStrays();
    this.#sweep.kill();
    await strays;
  }

  sweepStrays(): Promise<void> {
    this.#sweep.look();
    return this.sweep();
  }

  /** Of all apps, also of those that are leaving. */
  #processes(): readonly AppProcesses[] {
    return [...this.#entries.values(), ...this.#leaving].map(({ processes }) => processes);
  }

  #openLog(app: string): ProcessLog {
    const { clock, logger, logDirectory, logFiles } = this.#deps;
    const file =
      logDirectory === null
        ? null
        : createLogFile(`${logDirectory}/${encodeURIComponent(app)}.log`, logger, logFiles);
    return new ProcessLog(clock, logger, file);
  }

  #appContext(log: ProcessLog): AppContext {
    const { host, clock, random, registry, mark } = this.#deps;
    return {
      host,
      clock,
      random,
      registry,
      mark,
      log,
      pace: this.#pace,
      freePort: () => freePort(host, this.#processes()),
      isLeftBehindOn: (ports) => this.#sweep.holds(ports),
    };
  }

  #portsFreed(): void {
    for (const { processes } of this.#entries.values()) processes.portsFreed();
  }
}

/** `null` where it is not known of one of them. */
function sum(parts: readonly (Resources | null)[]): Resources | null {
  let memoryBytes = 0;
  let cpuSeconds = 0;
  for (const part of parts) {
    if (part === null) return null;
    memoryBytes += part.memoryBytes;
    cpuSeconds += part.cpuSeconds;
  }
  return { memoryBytes, cpuSeconds };
}

const nothing: AppLog = { tail: () => [], follow: () => () => undefined };

/** A workload here is a mistake of whoever put Drowse together: no configuration of this platform can say one. */
function processApp(spec: AppSpec): ProcessApp {
  if (spec.kind === 'process') return spec;
  throw new Error(`app ${spec.name} is a ${spec.kind}: the local platform runs processes`);
}
