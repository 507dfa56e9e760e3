import type { Selection } from '../client/kube-api.ts';
import {
  type Deployment,
  deployments,
  type EndpointSlice,
  endpointSlices,
  type Event,
  events,
  type Pod,
  pods,
  type Service,
  services,
  type StatefulSet,
  statefulSets,
} from '../client/resources.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { type WatchDeps, Watched } from './watched.ts';

/** Of all events those alone that tell what nothing else does (see `diagnosis`); a busy cluster has thousands of others. */
const refusals = 'reason=FailedCreate';

/** One watch of each kind of object that apps are made of, in some namespaces or in all (`null`). */
export class ClusterWatches {
  readonly scaledApps: Watched<ScaledApp>;
  readonly deployments: Watched<Deployment>;
  readonly statefulSets: Watched<StatefulSet>;
  readonly services: Watched<Service>;
  readonly slices: Watched<EndpointSlice>;
  readonly pods: Watched<Pod>;
  readonly events: Watched<Event>;

  constructor(deps: WatchDeps, namespaces: readonly string[] | null) {
    const selections: readonly Selection[] =
      namespaces === null ? [{}] : [...new Set(namespaces)].map((namespace) => ({ namespace }));
    const refused = selections.map((selection) => ({ ...selection, fieldSelector: refusals }));
    this.scaledApps = new Watched(deps, scaledApps, selections);
    this.deployments = new Watched(deps, deployments, selections);
    this.statefulSets = new Watched(deps, statefulSets, selections);
    this.services = new Watched(deps, services, selections);
    this.slices = new Watched(deps, endpointSlices, selections);
    this.pods = new Watched(deps, pods, selections);
    this.events = new Watched(deps, events, refused);
  }

  start(): void {
    for (const watched of this.#all) watched.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map(async (watched) => watched.stop()));
  }

  /** All of them: an app of which only a part is known would be judged wrongly. */
  get isSynced(): boolean {
    return this.#all.every(({ isSynced }) => isSynced);
  }

  get #all(): readonly Pick<Watched<never>, 'start' | 'stop' | 'isSynced'>[] {
    const { scaledApps: apps, deployments: workloads, statefulSets: sets, services: fronts } = this;
    return [apps, workloads, sets, fronts, this.slices, this.pods, this.events];
  }
}
