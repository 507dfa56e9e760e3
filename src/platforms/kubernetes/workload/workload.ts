import type { WorkloadApp } from '../../../core/app.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { PlatformObserver, Replica } from '../../../ports/platform.ts';
import { asKubeError } from '../client/errors.ts';
import type { Condition } from '../client/object.ts';
import type { Event, Pod } from '../client/resources.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { type Diagnosis, failureOf } from '../diagnosis/diagnosis.ts';
import { type PodPort, PodReplicas } from '../pods/pod-replicas.ts';
import type { Counted, ReplicaCount } from '../scale/replica-count.ts';

/** What watches tell of one workload. */
export interface WorkloadView {
  readonly pods: () => Iterable<Pod>;
  readonly ports: () => readonly PodPort[];
  /** Of the status of what is scaled; empty where it has none. */
  readonly conditions: () => readonly Condition[];
  /** About what is scaled, since the last wake. */
  readonly events: () => readonly Event[];
  /** The count that is asked for, as it was last seen; `null` when nothing is known. */
  readonly counted: () => Counted | null;
}

export interface WorkloadDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly view: WorkloadView;
  readonly count: ReplicaCount;
  readonly observer: PlatformObserver;
  /** The count is not what we have asked for last: as it was when Drowse came, or written by somebody else since. It is a wish, like any other. */
  readonly found: (replicas: number) => void;
}

/** One app of the cluster as the control loop sees it. Capacity is lowered only from a count that we have seen; what somebody else writes is told, not fought. */
export class Workload {
  readonly app: WorkloadApp;
  readonly #deps: WorkloadDeps;
  readonly #replicas = new PodReplicas();
  /** Commands are carried out one after the other; the last one counts. */
  #wanted: number | null = null;
  #isWriting = false;
  /** What the count is as far as we know: what we wrote last, or found. */
  #known: number | null = null;
  #told: Diagnosis | null = null;
  #stopped = false;

  constructor(app: WorkloadApp, deps: WorkloadDeps) {
    this.app = app;
    this.#deps = deps;
  }

  /** What stands in the way of the pods that were asked for. */
  get diagnosis(): Diagnosis | null {
    const { view } = this.#deps;
    return diagnose({ conditions: view.conditions(), pods: view.pods(), events: view.events() });
  }

  get replicas(): readonly Replica[] {
    return this.#replicas.replicas;
  }

  /** Something that the view tells has changed. */
  observe(): void {
    if (this.#stopped) return;
    const { clock, view, observer } = this.#deps;
    this.#lookAtCount();
    const replicas = this.#replicas.observe(view.pods(), view.ports(), clock.monoMs());
    this.#tellFailure();
    observer.observed(replicas);
  }

  scale(replicas: number): void {
    this.#wanted = replicas;
    if (!this.#isWriting && !this.#stopped) void this.#write();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** While a write of ours is under way, or not seen yet, an old count is no news. */
  #lookAtCount(): void {
    const { view, count, found } = this.#deps;
    const counted = view.counted();
    if (counted === null || this.#isWriting || !count.hasSeenOwn(counted)) return;
    if (counted.replicas === this.#known) return;
    this.#known = counted.replicas;
    found(counted.replicas);
  }

  /** Of what may pass by itself the end of the start's time tells. */
  #tellFailure(): void {
    const { diagnosis } = this;
    const isNews = diagnosis !== null && diagnosis.code !== this.#told?.code;
    this.#told = diagnosis;
    if (isNews && !diagnosis.mayPass) this.#deps.observer.failed(failureOf(diagnosis), '');
  }

  async #write(): Promise<void> {
    const { logger } = this.#deps;
    this.#isWriting = true;
    while (this.#wanted !== null && !this.#stopped) {
      const wanted = this.#wanted;
      this.#wanted = null;
      // A wake that fails as the one before has failed anew.
      if (wanted > 0) this.#told = null;
      try {
        await this.#carryOut(wanted);
      } catch (error) {
        logger.warn({ error: asKubeError(error), app: this.app.name }, 'the count cannot be written for now');
      }
    }
    this.#isWriting = false;
    // Also when nothing has changed: who asked is told what there is.
    this.observe();
  }

  async #carryOut(wanted: number): Promise<void> {
    const { count, view } = this.#deps;
    const before = this.#known ?? view.counted()?.replicas ?? null;
    if (before === null || wanted > before) {
      this.#known = (await count.raise(wanted)).to;
      return;
    }
    // What somebody else has written meanwhile is found when it is seen.
    const lowered = await count.lower(before, wanted);
    if (lowered.kind === 'lowered') this.#known = wanted;
  }
}
