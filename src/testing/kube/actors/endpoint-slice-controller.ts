import { keyOf, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import {
  type EndpointSlice,
  endpointSlices,
  nodes,
  type Pod,
  pods,
  type Service,
  services,
} from '../../../platforms/kubernetes/client/resources.ts';
import { type Actor, type ActorDeps, cacheOf } from './actor.ts';
import { Reconciler } from './reconciler.ts';
import { contentsOf, type Family, selects } from './slice-content.ts';
import { planSlices, type SliceContent } from './slice-plan.ts';

export const serviceLabel = 'kubernetes.io/service-name';
const managerLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';

/** Publishes the pods of each Service that has a selector. Touches no slice that another manager made; of a Service whose selector was taken away it leaves its own behind, as the real one does. */
export class EndpointSliceController implements Actor {
  private readonly deps: ActorDeps;
  private readonly services;
  private readonly pods;
  private readonly nodes;
  private readonly slices;
  private readonly queue;
  /** The version of the last write for a Service. */
  private readonly written = new Map<string, string>();

  /** `lagMs` is from a change of a pod to its handling. */
  constructor(deps: ActorDeps, lagMs: () => number = () => 0) {
    this.deps = deps;
    this.services = cacheOf(deps, services);
    this.pods = cacheOf(deps, pods);
    this.nodes = cacheOf(deps, nodes);
    this.slices = cacheOf(deps, endpointSlices, { labelSelector: `${managerLabel}=${manager}` });
    this.queue = new Reconciler({ clock: deps.clock, lagMs, reconcile: async (key) => this.reconcile(key) });
  }

  start(): void {
    const service = (one: Service): void => this.queue.enqueue(keyOf(one));
    const pod = (one: Pod): void => this.enqueueServicesOf(one);
    const slice = ({ metadata }: EndpointSlice): void =>
      this.queue.enqueue({
        namespace: metadata.namespace ?? '',
        name: metadata.labels?.[serviceLabel] ?? '',
      });
    const synced = (): void => [...this.services.values()].forEach(service);
    this.services.subscribe({ added: service, changed: service });
    this.slices.subscribe({ changed: slice, removed: slice, synced });
    this.nodes.subscribe({ synced });
    this.pods.subscribe({
      added: pod,
      changed: (now, before) => (pod(before), pod(now)),
      removed: pod,
      synced,
    });
    for (const cache of this.caches) cache.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.queue.stop(), ...this.caches.map(async (cache) => cache.stop())]);
  }

  private get caches() {
    return [this.services, this.pods, this.nodes, this.slices];
  }

  private enqueueServicesOf(pod: Pod): void {
    for (const service of this.services.values())
      if (selects(service, pod)) this.queue.enqueue(keyOf(service));
  }

  private async reconcile(key: ObjectKey): Promise<number | null> {
    const service = this.services.get(key);
    if (service?.spec.selector === undefined || !this.caches.every(({ isSynced }) => isSynced)) return null;
    const written = this.written.get(service.metadata.uid ?? '');
    if (written !== undefined && !this.slices.hasSeen(written)) return null;
    for (const family of service.spec.ipFamilies ?? ['IPv4' as const]) await this.publish(service, family);
    return null;
  }

  private async publish(service: Service, family: Family): Promise<void> {
    const own = [...this.slices.values()].filter(
      (slice) => isOf(slice, service) && slice.addressType === family,
    );
    const selected = [...this.pods.values()].filter((pod) => selects(service, pod));
    const wanted = contentsOf(service, family, selected, (name) => this.nodes.get({ name }));
    const { make, change, remove } = planSlices(own, wanted);
    const { api } = this.deps;
    for (const content of make)
      this.note(service, await api.create(endpointSlices, sliceOf(service, family, content)));
    for (const [slice, content] of change) {
      const { resourceVersion } = slice.metadata;
      const body = { ...written(content), metadata: { resourceVersion } };
      this.note(service, await api.patch(endpointSlices, keyOf(slice), { type: 'merge', body }));
    }
    for (const slice of remove) await api.delete(endpointSlices, keyOf(slice));
  }

  private note({ metadata }: Service, answer: EndpointSlice): void {
    this.written.set(metadata.uid ?? '', answer.metadata.resourceVersion ?? '');
  }
}

const isOf = ({ metadata }: EndpointSlice, service: Service): boolean =>
  metadata.namespace === service.metadata.namespace &&
  metadata.labels?.[serviceLabel] === service.metadata.name;

/** What is empty is answered as `null`. */
const written = ({ endpoints, ports }: SliceContent): Pick<EndpointSlice, 'endpoints' | 'ports'> => ({
  endpoints: endpoints.length === 0 ? null : endpoints,
  ports: ports.length === 0 ? null : ports,
});

function sliceOf({ metadata }: Service, addressType: Family, content: SliceContent): EndpointSlice {
  const { name = '', namespace = '', uid = '' } = metadata;
  const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
  return {
    metadata: {
      namespace,
      generateName: `${name}-`,
      labels: { [serviceLabel]: name, [managerLabel]: manager },
      ownerReferences: [owner],
    },
    addressType,
    ...written(content),
  };
}
