import type { ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import { fixedTargets } from '../../core/fixed-targets.ts';
import type { PlatformObserver, Replica } from '../../ports/platform.ts';
import type { Random } from '../../ports/random.ts';
import { noFreePort } from './failures.ts';
import { startFingerprint, startsDifferently } from './launch.ts';
import type { Leftover } from './leftovers.ts';
import { choosePorts } from './port-choice.ts';
import { newReplicaId } from './replica-id.ts';
import { type ReplicaContext, ReplicaProcess } from './replica.ts';

export interface AppContext extends ReplicaContext {
  readonly random: Random;
  readonly mark: string;
  /** A port that no app is configured with and no replica has been given; `null` when none was found. */
  freePort(): number | null;
  /** Whether something that an earlier Drowse has left behind still holds one of the ports. `portsFreed` is called when less of it is left. */
  isLeftBehindOn(ports: readonly number[]): boolean;
}

/** All processes of one app. Every public method leaves it consistent before anybody is told, so that the observer may call back at once. */
export class AppProcesses {
  readonly #context: AppContext;
  readonly #observer: PlatformObserver;
  #app: ProcessApp;
  #replicas: ReplicaProcess[] = [];
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
  }

  get app(): ProcessApp {
    return this.#app;
  }

  /** Ports that its replicas listen on, or are about to. */
  get portsInUse(): readonly number[] {
    return this.#replicas.flatMap(({ ports }) => ports);
  }

  get groupIds(): readonly number[] {
    return [
      ...this.#replicas.map(({ groupId }) => groupId),
      ...this.#leftovers.map(({ record }) => record.groupId),
    ];
  }

  /** Of the first start under way for which there is any. */
  startAdvice(): string | null {
    for (const replica of this.#replicas) {
      const advice = replica.advice();
      if (advice !== null) return advice;
    }
    return null;
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
    const outdated = this.#replicas.filter(
      (replica) => replica.stage === 'starting' && startsDifferently(replica.app, app),
    );
    if (outdated.length === 0) return false;
    for (const replica of outdated) {
      this.#context.log.note(replica.id, 'stopped before it was ready: the configuration has changed');
      replica.retire();
    }
    this.#tell();
    return true;
  }

  scale(replicas: number): void {
    if (this.#closed) return;
    const wanted = fixedTargets(this.#app).length > 0 ? Math.min(replicas, 1) : replicas;
    const active = this.#replicas.filter(({ stage }) => stage === 'starting' || stage === 'serving');
    this.#waiting = 0;
    if (active.length > wanted) this.#retire(active, active.length - wanted);
    else if (active.length === wanted || !this.#grow(wanted - active.length)) return;
    this.#tell();
  }

  vacated(replicaId: string): void {
    this.#replicas.find(({ id }) => id === replicaId)?.vacated();
  }

  /** Resolves when every process is gone. */
  remove(): Promise<void> {
    this.#close();
    for (const replica of this.#replicas) replica.stop();
    if (this.groupIds.length > 0) this.#tell();
    return this.#gone();
  }

  /** As `remove`, but without any grace. */
  kill(): Promise<void> {
    this.#close();
    for (const one of [...this.#replicas, ...this.#leftovers]) one.kill();
    return this.#gone();
  }

  #close(): void {
    this.#closed = true;
    this.#waiting = 0;
  }

  #gone(): Promise<void> {
    if (this.groupIds.length === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#whenGone.push(resolve));
  }

  /** Those that have not begun to serve go first, then the youngest. */
  #retire(active: readonly ReplicaProcess[], count: number): void {
    const youngestFirst = active.toReversed();
    const order = [
      ...youngestFirst.filter(({ stage }) => stage === 'starting'),
      ...youngestFirst.filter(({ stage }) => stage === 'serving'),
    ];
    for (const replica of order.slice(0, count)) replica.retire();
  }

  /** False when nothing has changed yet. */
  #grow(count: number): boolean {
    const revived = this.#revive(count);
    const missing = count - revived;
    if (this.#isBlocked()) {
      this.#waiting = missing;
      return revived > 0;
    }
    this.#startSeveral(missing);
    return true;
  }

  /** A replica that only drains is the fastest start there is, unless the configuration has changed since. */
  #revive(count: number): number {
    const fingerprint = startFingerprint(this.#app);
    let revived = 0;
    for (const replica of this.#replicas.toReversed()) {
      if (revived < count && startFingerprint(replica.app) === fingerprint && replica.revive()) revived += 1;
    }
    return revived;
  }

  /**
   * Left-overs always block (two Drowses' worth of one app is what nobody asked for); replicas only on a fixed port, and there also the left-overs of another app: this one
   * may have had its name.
   */
  #isBlocked(): boolean {
    if (this.#leftovers.length > 0) return true;
    const ports = fixedTargets(this.#app);
    return ports.length > 0 && (this.#replicas.length > 0 || this.#context.isLeftBehindOn(ports));
  }

  #startSeveral(count: number): void {
    for (let started = 0; started < count; started += 1) {
      // What makes one fail to spawn makes the next fail too.
      if (!this.#startOne()) return;
    }
  }

  #startOne(): boolean {
    const { log, random, mark } = this.#context;
    const replicaId = newReplicaId(this.#app.name, this.#takenIds(), random);
    const ports = choosePorts(this.#app.ports, () => this.#context.freePort());
    const replica = new ReplicaProcess(
      this.#context,
      { app: this.#app, ports: ports ?? [], marks: { instance: mark, replicaId } },
      {
        failed: (failure) => this.#observer.failed(failure, replicaId),
        changed: () => this.#tell(),
        gone: () => {
          this.#replicas = this.#replicas.filter(({ id }) => id !== replicaId);
          this.#someoneLeft();
        },
      },
    );
    const failure: Failure | null = ports === null ? noFreePort() : replica.start();
    if (failure === null) {
      this.#replicas.push(replica);
      return true;
    }
    log.note(replicaId, failure.message);
    this.#observer.failed(failure, replicaId);
    return false;
  }

  #takenIds(): ReadonlySet<string> {
    return new Set([
      ...this.#replicas.map(({ id }) => id),
      ...this.#leftovers.map(({ record }) => record.replicaId),
    ]);
  }

  /** What another app left behind holds its ports no more. */
  portsFreed(): void {
    if (this.#startWaiting()) this.#tell();
  }

  #startWaiting(): boolean {
    if (this.#waiting === 0 || this.#isBlocked()) return false;
    const count = this.#waiting;
    this.#waiting = 0;
    this.#startSeveral(count);
    return true;
  }

  #someoneLeft(): void {
    this.#startWaiting();
    this.#tell();
    if (this.groupIds.length > 0) return;
    for (const tell of this.#whenGone.splice(0)) tell();
  }

  #tell(): void {
    const replicas: Replica[] = this.#replicas.map((replica) => replica.snapshot());
    this.#observer.observed([...this.#leftovers.map((leftover) => leftover.snapshot()), ...replicas]);
  }
}
