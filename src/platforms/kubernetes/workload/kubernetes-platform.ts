import type { AppSpec, WorkloadApp } from '../../../core/app.ts';
import type { AppLog, Platform, PlatformObserver, Resources } from '../../../ports/platform.ts';
import type { Workload } from './workload.ts';

export interface KubernetesPlatformDeps {
  /** Makes what follows one app; its `observe` is called whenever the cluster has changed for it. */
  readonly follow: (app: WorkloadApp, observer: PlatformObserver) => Workload;
  /** Nobody asks for this one any more. */
  readonly forget: (workload: Workload) => void;
}

const noLog: AppLog = { tail: () => [], follow: () => () => undefined };

/** Apps as workloads of a cluster, which starts, restarts and ends their pods itself: what is left to do is to count. */
export class KubernetesPlatform implements Platform {
  readonly #deps: KubernetesPlatformDeps;
  readonly #workloads = new Map<string, Workload>();

  constructor(deps: KubernetesPlatformDeps) {
    this.#deps = deps;
  }

  readonly add = (app: AppSpec, observer: PlatformObserver): void => {
    if (app.kind !== 'workload') throw new Error(`${app.name} is no workload of a cluster`);
    this.#drop(app.name);
    const workload = this.#deps.follow(app, observer);
    this.#workloads.set(app.name, workload);
    workload.observe();
  };

  /** How pods are started, the workload says, and its own controller replaces what it changes. */
  readonly update = (_app: AppSpec): boolean => false;

  /** The pods are the cluster's, and go on as they are. */
  remove(name: string): Promise<void> {
    this.#drop(name);
    return Promise.resolve();
  }

  scale(name: string, replicas: number): void {
    this.#workloads.get(name)?.scale(replicas);
  }

  /** A pod that terminates has its own grace. */
  vacated(): void {}

  resources(): Promise<Resources | null> {
    return Promise.resolve(null);
  }

  startAdvice(name: string): string | null {
    const diagnosis = this.#workloads.get(name)?.diagnosis ?? null;
    return diagnosis === null ? null : `${diagnosis.said} ${diagnosis.advice}`;
  }

  /** Their output is kept by the cluster. */
  logs(): AppLog {
    return noLog;
  }

  #drop(name: string): void {
    const workload = this.#workloads.get(name);
    if (workload === undefined) return;
    workload.stop();
    this.#workloads.delete(name);
    this.#deps.forget(workload);
  }
}
