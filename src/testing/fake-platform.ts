import { isDeepStrictEqual } from 'node:util';
import type { AppSpec, Command } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppLog, Platform, PlatformObserver, Replica, Resources } from '../ports/platform.ts';

interface Entry {
  spec: AppSpec;
  readonly observer: PlatformObserver;
  replicas: readonly Replica[];
}

/** A platform on which only spawning and the beginning of a stop happen by themselves, at once; everything else is made by the test. */
export class FakePlatform implements Platform {
  /** What was asked, in order. */
  readonly calls: string[] = [];
  /** What the next start of an app fails with, at once, as an unknown command does. */
  readonly refusals = new Map<string, Failure>();
  /** Replicas that an earlier Drowse left running, by app. */
  readonly leftOvers = new Map<string, readonly Replica[]>();
  /** What the next call of this kind throws: a bug of the platform. */
  readonly bugs = new Map<'scale' | 'vacated', Error>();
  /** What `startAdvice` says of an app. */
  readonly advice = new Map<string, string>();
  resourcesOf: (name: string) => Promise<Resources | null> = () => Promise.resolve(null);
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #spawned = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(spec: AppSpec, observer: PlatformObserver): void {
    if (this.#entries.has(spec.name)) throw new Error(`${spec.name} has been added already`);
    this.calls.push(`add ${spec.name}`);
    const replicas = this.leftOvers.get(spec.name) ?? [];
    this.#entries.set(spec.name, { spec, observer, replicas });
    if (replicas.length > 0) observer.observed(replicas);
  }

  /** What is starting is outdated by a new command. */
  update(spec: AppSpec): boolean {
    const entry = this.#entry(spec.name);
    const isOther = !isDeepStrictEqual(commandOf(entry.spec), commandOf(spec));
    entry.spec = spec;
    const starting = entry.replicas.filter(({ phase }) => phase === 'starting');
    if (!isOther || starting.length === 0) return false;
    this.#terminate(spec.name, starting);
    return true;
  }

  remove(name: string): Promise<void> {
    this.calls.push(`remove ${name}`);
    this.forget(name);
    return Promise.resolve();
  }

  /** The removal of an app has ended. */
  forget(name: string): void {
    this.#entries.delete(name);
  }

  scale(name: string, replicas: number): void {
    this.calls.push(`scale ${name} ${replicas}`);
    const bug = this.bugs.get('scale');
    this.bugs.delete('scale');
    if (bug !== undefined) throw bug;
    const alive = this.replicasOf(name).filter(({ phase }) => phase !== 'terminating');
    if (alive.length > replicas) this.#terminate(name, alive.slice(replicas));
    for (let missing = replicas - alive.length; missing > 0; missing -= 1) if (!this.#spawn(name)) return;
  }

  vacated(name: string, replicaId: string): void {
    this.calls.push(`vacated ${name} ${replicaId}`);
    const bug = this.bugs.get('vacated');
    this.bugs.delete('vacated');
    if (bug !== undefined) throw bug;
  }

  resources(name: string): Promise<Resources | null> {
    return this.resourcesOf(name);
  }

  startAdvice(name: string): string | null {
    return this.advice.get(name) ?? null;
  }

  logs(name: string): AppLog {
    return {
      tail: () => [{ wallMs: 0, replicaId: 'r0', stream: 'stdout', text: `${name} says` }],
      follow: () => () => undefined,
    };
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  specOf(name: string): AppSpec {
    return this.#entry(name).spec;
  }

  replicasOf(name: string): readonly Replica[] {
    return this.#entries.get(name)?.replicas ?? [];
  }

  /** Calls of one kind since the last `take`. */
  take(): readonly string[] {
    return this.calls.splice(0);
  }

  /** Every starting replica of the app begins to serve. */
  ready(name: string): void {
    const readyAtMs = this.#clock.monoMs();
    this.#set(
      name,
      this.replicasOf(name).map((replica) =>
        replica.phase === 'starting' ? { ...replica, phase: 'serving', readyAtMs } : replica,
      ),
    );
  }

  /** Every replica that is not terminating dies, or fails to start. */
  crash(name: string, failure: Failure): void {
    const { observer } = this.#entry(name);
    for (const dead of this.replicasOf(name).filter(({ phase }) => phase !== 'terminating')) {
      observer.failed(failure, dead.id);
      this.#set(
        name,
        this.replicasOf(name).filter(({ id }) => id !== dead.id),
      );
    }
  }

  /** Every terminating replica is gone. */
  stopped(name: string): void {
    this.#set(
      name,
      this.replicasOf(name).filter(({ phase }) => phase !== 'terminating'),
    );
  }

  #spawn(name: string): boolean {
    const entry = this.#entry(name);
    const refusal = this.refusals.get(name);
    this.#spawned += 1;
    const id = `${name}-${this.#spawned}`;
    if (refusal !== undefined) {
      entry.observer.failed(refusal, id);
      return false;
    }
    const nowMs = this.#clock.monoMs();
    const addresses = entry.spec.ports.map(({ name: portName }, index) => ({
      portName,
      host: '127.0.0.1',
      port: 10_000 + 10 * this.#spawned + index,
    }));
    const times = { startedAtMs: nowMs, spawnedAtMs: nowMs, readyAtMs: null };
    this.#set(name, [
      ...entry.replicas,
      { id, phase: 'starting', addresses, pid: 100 + this.#spawned, ...times },
    ]);
    return true;
  }

  #terminate(name: string, those: readonly Replica[]): void {
    this.#set(
      name,
      this.replicasOf(name).map((replica) =>
        those.includes(replica) ? { ...replica, phase: 'terminating' } : replica,
      ),
    );
  }

  #set(name: string, replicas: readonly Replica[]): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.replicas = replicas;
    entry.observer.observed(replicas);
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`${name} was never added`);
    return entry;
  }
}

function commandOf(spec: AppSpec): Command | null {
  return spec.kind === 'process' ? spec.command : null;
}
