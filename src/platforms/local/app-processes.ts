import type { ProcessApp } from '../../core/app.ts';
import { fixedTargets } from '../../core/fixed-targets.ts';
import type { PlatformObserver } from '../../ports/platform.ts';
import type { Leftover } from './leftovers.ts';
import { ReplicaSet, type ReplicaSetContext } from './replica-set.ts';

export interface AppContext extends ReplicaSetContext {
  /** Whether something that an earlier Drowse has left behind still holds one of the ports. `portsFreed` is called when less of it is left. */
  isLeftBehindOn(ports: readonly number[]): boolean;
}

/** All processes of one app. Every public method leaves it consistent before anybody is told, so that the observer may call back at once. */
export class AppProcesses {
  readonly #context: AppContext;
  readonly #observer: PlatformObserver;
  readonly #replicas: ReplicaSet;
  #app: ProcessApp;
  #leftovers: Leftover[];
  /** Starts that wait until an old process group has given the port back. */
  #waiting = 0;
  /** Nothing is started any more. */
  #closed = false;
  #whenGone: (() => void)[] = [];

  constructor(
    context: AppContext,
    app: ProcessApp,
    observer: PlatformObserver,
    leftovers: readonly Leftover[],
  ) {
    this.#context = context;
    this.#app = app;
    this.#observer = observer;
    this.#leftovers = [...leftovers];
    this.#replicas = new ReplicaSet(context, {
      failed: (failure, replicaId) => observer.failed(failure, replicaId),
      changed: () => this.#tell(),
      gone: () => this.#someoneLeft(),
    });
  }

  get app(): ProcessApp {
    return this.#app;
  }

  /** Ports that its replicas listen on, or are about to. */
  get portsInUse(): readonly number[] {
    return this.#replicas.ports;
  }

  get groupIds(): readonly number[] {
    return [...this.#replicas.groupIds, ...this.#leftovers.map(({ record }) => record.groupId)];
  }

  startAdvice(): string | null {
    return this.#replicas.startAdvice();
  }

  /** Ends what an earlier Drowse left behind, and reports it until it is gone. */
  begin(): void {
    for (const leftover of this.#leftovers) {
      const { replicaId, groupId } = leftover.record;
      this.#context.log.note(replicaId, `ending process group ${groupId}, left over from an earlier run`);
      leftover.end(this.#app.stop, () => {
        this.#leftovers = this.#leftovers.filter((other) => other !== leftover);
        this.#someoneLeft();
      });
    }
    if (this.#leftovers.length > 0) this.#tell();
  }

  /** True when a start that is not what the configuration says any more has been stopped. */
  update(app: ProcessApp): boolean {
    this.#app = app;
    const stopped = this.#replicas.retireOutdated(app);
    if (stopped) this.#tell();
    return stopped;
  }

  scale(replicas: number): void {
    if (this.#closed) return;
    const wanted = fixedTargets(this.#app).length > 0 ? Math.min(replicas, 1) : replicas;
    const missing = wanted - this.#replicas.active;
    this.#waiting = 0;
    if (missing < 0) this.#replicas.retire(-missing);
    else if (missing === 0 || !this.#grow(missing)) return;
    this.#tell();
  }

  vacated(replicaId: string): void {
    this.#replicas.vacated(replicaId);
  }

  /** Resolves when every process is gone. */
  remove(): Promise<void> {
    this.#close();
    this.#replicas.stop();
    if (this.groupIds.length > 0) this.#tell();
    return this.#gone();
  }

  /** As `remove`, but without any grace. */
  kill(): Promise<void> {
    this.#close();
    this.#replicas.kill();
    for (const leftover of this.#leftovers) leftover.kill();
    return this.#gone();
  }

  /** What another app left behind holds its ports no more. */
  portsFreed(): void {
    if (this.#startWaiting()) this.#tell();
  }

  #close(): void {
    this.#closed = true;
    this.#waiting = 0;
  }

  #gone(): Promise<void> {
    if (this.groupIds.length === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#whenGone.push(resolve));
  }

  /** False when nothing has changed yet. */
  #grow(count: number): boolean {
    const revived = this.#replicas.revive(this.#app, count);
    const missing = count - revived;
    if (this.#isBlocked()) {
      this.#waiting = missing;
      return revived > 0;
    }
    this.#start(missing);
    return true;
  }

  /**
   * Left-overs always block (two Drowses' worth of one app is what nobody asked for); replicas only on a fixed port, and there also the left-overs of another app: this one
   * may have had its name.
   */
  #isBlocked(): boolean {
    if (this.#leftovers.length > 0) return true;
    const ports = fixedTargets(this.#app);
    return ports.length > 0 && (this.#replicas.size > 0 || this.#context.isLeftBehindOn(ports));
  }

  #startWaiting(): boolean {
    if (this.#waiting === 0 || this.#isBlocked()) return false;
    const count = this.#waiting;
    this.#waiting = 0;
    this.#start(count);
    return true;
  }

  #start(count: number): void {
    const taken = this.#leftovers.map(({ record }) => record.replicaId);
    this.#replicas.start(this.#app, count, taken);
  }

  #someoneLeft(): void {
    this.#startWaiting();
    this.#tell();
    if (this.groupIds.length > 0) return;
    for (const tell of this.#whenGone.splice(0)) tell();
  }

  #tell(): void {
    const leftovers = this.#leftovers.map((leftover) => leftover.snapshot());
    this.#observer.observed([...leftovers, ...this.#replicas.snapshots()]);
  }
}
