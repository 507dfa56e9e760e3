import type { AppView } from '../attach/attachment.ts';
import type { Condition, KubeObject } from '../client/object.ts';
import type { EndpointSlice, Event, Pod } from '../client/resources.ts';
import type { PodPort } from '../pods/pod-replicas.ts';
import { portNameOf } from '../resolve/resolve-app.ts';
import type { Counted } from '../scale/replica-count.ts';
import type { ScaledAppStatus } from '../scaled-app/schema/status.ts';
import type { Activator } from '../slices/activators.ts';
import type { SliceWish } from '../slices/wanted-slices.ts';
import type { ClusterWatches } from '../watching/cluster-watches.ts';
import type { EventSightings } from '../watching/event-sightings.ts';
import type { Watched } from '../watching/watched.ts';
import type { WorkloadView } from '../workload/workload.ts';
import type { ClusterApp } from './cluster-app.ts';
import { isEventOf, isOurSliceOf, isPodOf, isSliceInFront } from './what-concerns.ts';

const watchesApartMs = 2_000;

export interface ViewDeps {
  readonly watches: Pick<ClusterWatches, 'pods' | 'slices' | 'events'>;
  /** As it is now; `undefined` once it is gone. */
  readonly app: () => ClusterApp | undefined;
  readonly sightings: Pick<EventSightings, 'seenAtMs'>;
  readonly activators: () => readonly Activator[];
}

/** One app as what deals with it wants to see it: always as the watches tell of it now. Of an app that is gone nothing is to be seen. */
export class AppViews implements WorkloadView, AppView {
  readonly #deps: ViewDeps;

  constructor(deps: ViewDeps) {
    this.#deps = deps;
  }

  readonly pods = (): readonly Pod[] => this.#of(this.#deps.watches.pods, isPodOf);

  readonly events = (): readonly Event[] => {
    const { watches, sightings } = this.#deps;
    // Two watches tell of the count and of the events; the one may be a little ahead.
    return this.#of(
      watches.events,
      (event, app) => isEventOf(event, app) && sightings.seenAtMs(event) >= app.wokenAtMs - watchesApartMs,
    );
  };

  readonly kubernetesSlices = (): readonly EndpointSlice[] =>
    this.#of(
      this.#deps.watches.slices,
      (slice, app) => isSliceInFront(slice, app) && !isOurSliceOf(slice, app),
    );

  readonly ourSlices = (): readonly EndpointSlice[] => this.#of(this.#deps.watches.slices, isOurSliceOf);

  readonly conditions = (): readonly Condition[] => this.#target?.conditions ?? [];

  readonly counted = (): Counted | null => this.#target?.counted ?? null;

  readonly ports = (): readonly PodPort[] =>
    (this.#deps.app()?.resolved?.services ?? []).flatMap(({ name, ports }) =>
      ports.map(({ port, targetPort }) => ({ name: portNameOf(name, port), targetPort })),
    );

  readonly wish = (): Omit<SliceWish, 'stage'> => {
    const { app, activators } = this.#deps;
    const { object, resolved } = app() ?? {};
    return {
      namespace: object?.metadata.namespace ?? '',
      app: object?.metadata.name ?? '',
      services: resolved?.services ?? [],
      activatorPorts: activatorPortsOf(object?.status),
      activators: activators(),
    };
  };

  get #target() {
    const target = this.#deps.app()?.target;
    return target === undefined || typeof target === 'string' ? null : target;
  }

  #of<T extends KubeObject>(
    watched: Pick<Watched<T>, 'in'>,
    isOf: (object: T, app: ClusterApp) => boolean,
  ): readonly T[] {
    const app = this.#deps.app();
    if (app === undefined) return [];
    return [...watched.in(app.object.metadata.namespace ?? '')].filter((object) => isOf(object, app));
  }
}

/** By the names of the ports, as the status has them. */
export function activatorPortsOf(status: ScaledAppStatus = {}): ReadonlyMap<string, number> {
  const { activatorPorts = [] } = status;
  return new Map(
    activatorPorts.map(({ service, port, activatorPort }) => [portNameOf(service, port), activatorPort]),
  );
}
