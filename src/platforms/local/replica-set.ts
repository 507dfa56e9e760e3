import type { ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Replica } from '../../ports/platform.ts';
import type { Random } from '../../ports/random.ts';
import { noFreePort } from './failures.ts';
import { startFingerprint, startsDifferently } from './launch.ts';
import { choosePorts } from './port-choice.ts';
import { newReplicaId } from './replica-id.ts';
import { type ReplicaContext, ReplicaProcess } from './replica.ts';

export interface ReplicaSetContext extends ReplicaContext {
  readonly random: Random;
  readonly mark: string;
  /** A port that no app is configured with and no replica has been given; `null` when none was found. */
  freePort(): number | null;
}

export interface ReplicaSetObserver {
  /** Delivered before the `changed` or `gone` that follows from it. */
  failed(failure: Failure, replicaId: string): void;
  changed(): void;
  /** A replica is gone, and among these no more. */
  gone(): void;
}

/** The replicas of one app that this Drowse has started, oldest first: which of them go, which come back, and what a new one is given. */
export class ReplicaSet {
  readonly #context: ReplicaSetContext;
  readonly #observer: ReplicaSetObserver;
  #replicas: ReplicaProcess[] = [];

  constructor(context: ReplicaSetContext, observer: ReplicaSetObserver) {
    this.#context = context;
    this.#observer = observer;
  }

  get size(): number {
    return this.#replicas.length;
  }

  /** Those that serve, or are on the way there. */
  get active(): number {
    return this.#active().length;
  }

  /** Ports that they listen on, or are about to. */
  get ports(): readonly number[] {
    return this.#replicas.flatMap(({ ports }) => ports);
  }

  get groupIds(): readonly number[] {
    return this.#replicas.map(({ groupId }) => groupId);
  }

  snapshots(): readonly Replica[] {
    return this.#replicas.map((replica) => replica.snapshot());
  }

  /** Of the first start under way for which there is any. */
  startAdvice(): string | null {
    for (const replica of this.#replicas) {
      const advice = replica.advice();
      if (advice !== null) return advice;
    }
    return null;
  }

  vacated(replicaId: string): void {
    this.#replicas.find(({ id }) => id === replicaId)?.vacated();
  }

  stop(): void {
    for (const replica of this.#replicas) replica.stop();
  }

  kill(): void {
    for (const replica of this.#replicas) replica.kill();
  }

  /** Starts under way that are not what the configuration says any more. True when there were any. */
  retireOutdated(app: ProcessApp): boolean {
    const outdated = this.#replicas.filter(
      (replica) => replica.stage === 'starting' && startsDifferently(replica.app, app),
    );
    for (const replica of outdated) {
      this.#context.log.note(replica.id, 'stopped before it was ready: the configuration has changed');
      replica.retire();
    }
    return outdated.length > 0;
  }

  /** Those that have not begun to serve go first, then the youngest. */
  retire(count: number): void {
    const youngestFirst = this.#active().toReversed();
    const order = [
      ...youngestFirst.filter(({ stage }) => stage === 'starting'),
      ...youngestFirst.filter(({ stage }) => stage === 'serving'),
    ];
    for (const replica of order.slice(0, count)) replica.retire();
  }

  /** How many have come back: a replica that only drains is the fastest start there is, unless the configuration has changed since. */
  revive(app: ProcessApp, count: number): number {
    const fingerprint = startFingerprint(app);
    let revived = 0;
    for (const replica of this.#replicas.toReversed()) {
      if (revived < count && startFingerprint(replica.app) === fingerprint && replica.revive()) revived += 1;
    }
    return revived;
  }

  /** `taken`: names that no new one may have, beside those of the replicas that there are. */
  start(app: ProcessApp, count: number, taken: readonly string[]): void {
    for (let started = 0; started < count; started += 1) {
      // What makes one fail to spawn makes the next fail too.
      if (!this.#startOne(app, taken)) return;
    }
  }

  #active(): readonly ReplicaProcess[] {
    return this.#replicas.filter(({ stage }) => stage === 'starting' || stage === 'serving');
  }

  #startOne(app: ProcessApp, taken: readonly string[]): boolean {
    const { random, log } = this.#context;
    const replicaId = newReplicaId(app.name, this.#idsAnd(taken), random);
    const ports = choosePorts(app.ports, () => this.#context.freePort());
    const replica = this.#create(app, replicaId, ports ?? []);
    const failure: Failure | null = ports === null ? noFreePort() : replica.start();
    if (failure === null) {
      this.#replicas.push(replica);
      return true;
    }
    log.note(replicaId, failure.message);
    this.#observer.failed(failure, replicaId);
    return false;
  }

  #create(app: ProcessApp, replicaId: string, ports: readonly number[]): ReplicaProcess {
    const marks = { instance: this.#context.mark, replicaId };
    return new ReplicaProcess(
      this.#context,
      { app, ports, marks },
      {
        failed: (failure) => this.#observer.failed(failure, replicaId),
        changed: () => this.#observer.changed(),
        gone: () => {
          this.#replicas = this.#replicas.filter(({ id }) => id !== replicaId);
          this.#observer.gone();
        },
      },
    );
  }

  #idsAnd(taken: readonly string[]): ReadonlySet<string> {
    return new Set([...this.#replicas.map(({ id }) => id), ...taken]);
  }
}
