import { Attachment, type AttachmentDeps } from '../../platforms/kubernetes/attach/attachment.ts';
import type { CanaryNet } from '../../platforms/kubernetes/barrier/canary-net.ts';
import { moveCanary } from '../../platforms/kubernetes/barrier/canary-slice.ts';
import { NodeBarrier } from '../../platforms/kubernetes/barrier/node-barrier.ts';
import {
  type EndpointSlice,
  endpointSlices,
  namespaces,
  type Pod,
  pods,
  type Service,
  services,
} from '../../platforms/kubernetes/client/resources.ts';
import { WatchCache } from '../../platforms/kubernetes/client/watch/watch-cache.ts';
import { phaseOf } from '../../platforms/kubernetes/pods/pod-phase.ts';
import { sliceLabels, sliceManager } from '../../platforms/kubernetes/slices/slice-names.ts';
import type { Activator } from '../../platforms/kubernetes/slices/activators.ts';
import type { Side, SwitchConfig } from '../../platforms/kubernetes/switching/types.ts';
import { ActorWorld, namespace } from './actors/actor-world.ts';
import type { KubeProxy, Reached } from './actors/kube-proxy.ts';

const canary = { namespace: 'drowse', name: 'drowse-canary' };
const canaryNodePort = 30_999;
const activatorPort = 20_001;

/** A node leads to the canary as its kube-proxy has it. */
class ProxiedCanary implements CanaryNet {
  private readonly generations = new Map<number, number>();
  private readonly proxies: readonly KubeProxy[];
  private lastPort = 45_000;

  constructor(proxies: readonly KubeProxy[]) {
    this.proxies = proxies;
  }

  async open(generation: number): Promise<number> {
    this.generations.set((this.lastPort += 1), generation);
    return Promise.resolve(this.lastPort);
  }

  closeBefore(generation: number): void {
    for (const [port, each] of this.generations) if (each < generation) this.generations.delete(port);
  }

  async dial(host: string, port: number): Promise<number | null> {
    const to = this.proxies.find(({ node }) => node === host)?.connect(`:${port}`);
    return Promise.resolve(typeof to === 'object' ? (this.generations.get(to.port) ?? null) : null);
  }

  stop(): void {
    this.generations.clear();
  }
}

/** What became of somebody who connected through the Service. */
export interface Visit {
  readonly atMs: number;
  readonly node: string;
  readonly to: 'activator' | 'pod' | 'lost';
}

/** A cluster with an app in it and the switch of that app, and somebody who connects all the time, from every node. */
export class AttachWorld {
  readonly cluster: ActorWorld;
  readonly visits: Visit[] = [];
  activators: readonly Activator[];
  told: Side | null = null;
  readonly gaveUp: string[] = [];
  private readonly service: Service;
  private readonly config: SwitchConfig;
  private readonly barrier: NodeBarrier;
  private attached: Attachment | null = null;
  private readonly podCache: WatchCache<Pod>;
  private readonly sliceCache: WatchCache<EndpointSlice>;

  private constructor(cluster: ActorWorld, service: Service, config: SwitchConfig) {
    this.cluster = cluster;
    this.service = service;
    this.activators = ['10.203.1.9', '10.203.2.9'].map(activatorAt);
    const deps = cluster.deps('drowse');
    const selection = { namespace };
    this.podCache = new WatchCache({ ...deps, resource: pods, selection });
    this.sliceCache = new WatchCache({ ...deps, resource: endpointSlices, selection });
    this.barrier = this.makeBarrier();
    this.config = config;
  }

  /** With pods that serve, and attached. */
  static async started(seed: number, replicas: number, config: SwitchConfig): Promise<AttachWorld> {
    const world = await AttachWorld.prepared(seed, replicas, config);
    world.attachAgain();
    await world.cluster.run(20_000);
    return world;
  }

  /** With pods that serve, directly: whoever attaches them comes later. */
  static async prepared(seed: number, replicas: number, config: SwitchConfig): Promise<AttachWorld> {
    const cluster = await ActorWorld.started(seed);
    const service = await cluster.expose();
    await cluster.deploy(replicas);
    await cluster.done(cluster.api.create(namespaces, { metadata: { name: canary.namespace } }));
    const ports = [{ name: 'canary', port: 1, nodePort: canaryNodePort }];
    const spec: Service['spec'] = { type: 'NodePort', clusterIP: '10.202.0.9', ports };
    await cluster.done(cluster.api.create(services, { metadata: { ...canary }, spec }));
    await cluster.run(5_000);
    const world = new AttachWorld(cluster, service, config);
    world.subscribe(() => world.attached?.changed());
    world.podCache.start();
    world.sliceCache.start();
    await cluster.run(1_000);
    return world;
  }

  get attachment(): Attachment {
    if (this.attached === null) throw new Error('nobody has attached the app');
    return this.attached;
  }

  set attachment(attachment: Attachment) {
    this.attached = attachment;
  }

  get lost(): readonly Visit[] {
    return this.visits.filter(({ to }) => to === 'lost');
  }

  /** Lets time pass until it is so, but no longer than a minute. */
  async until(isSo: () => boolean): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < 60_000 && !isSo(); waitedMs += 100) await this.cluster.run(100);
    return isSo();
  }

  serving(): number {
    return [...this.podCache.values()].filter((pod) => phaseOf(pod) === 'serving').length;
  }

  present(): number {
    return [...this.podCache.values()].length;
  }

  ourSlices(): readonly EndpointSlice[] {
    return [...this.sliceCache.values()].filter(
      ({ metadata }) => metadata.labels?.[sliceLabels.managedBy] === sliceManager,
    );
  }

  /** Somebody connects from each node, all the time, until the test is over. */
  visitAlways(everyMs: number): void {
    for (const proxy of this.cluster.proxies) this.visits.push(this.visit(proxy));
    this.cluster.world.clock.after(everyMs, () => this.visitAlways(everyMs));
  }

  /** Another leader takes over: what it knows is what it finds. */
  attachAgain(): Attachment {
    const attachment = new Attachment(this.attachmentDeps());
    this.attached = attachment;
    return attachment;
  }

  pods(): Iterable<Pod> {
    return this.podCache.values();
  }

  attachmentDeps(): AttachmentDeps {
    const { config, barrier } = this;
    const deps = this.cluster.deps('drowse');
    return {
      ...deps,
      config,
      view: {
        pods: () => this.podCache.values(),
        kubernetesSlices: () => this.sliceCache.values(),
        ourSlices: () => this.ourSlices(),
        wish: () => ({
          namespace,
          app: 'web',
          services: [
            {
              name: 'web',
              uid: this.service.metadata.uid ?? '',
              families: ['IPv4'],
              ports: [{ name: 'web', port: 80, targetPort: 8080, protocol: 'auto', appProtocol: null }],
            },
          ],
          activatorPorts: new Map([['web:80', activatorPort]]),
          activators: this.activators,
        }),
      },
      passNodes: async () => barrier.pass(),
      routed: (side) => void (this.told = side),
      gaveUp: (reason) => void this.gaveUp.push(reason),
    };
  }

  private visit(proxy: KubeProxy): Visit {
    const to = this.placeOf(proxy.connect('10.202.0.7:80'));
    return { atMs: this.cluster.world.clock.monoMs(), node: proxy.node, to };
  }

  private placeOf(reached: Reached): Visit['to'] {
    if (typeof reached !== 'object') return 'lost';
    const isActivator = this.activators.some(({ addresses }) => addresses.includes(reached.address));
    if (isActivator) return reached.port === activatorPort ? 'activator' : 'lost';
    return this.cluster.kubelets.some((kubelet) => kubelet.accepts(reached.address)) ? 'pod' : 'lost';
  }

  private makeBarrier(): NodeBarrier {
    const { api, clock, logger } = this.cluster.deps('drowse');
    const barrier = new NodeBarrier({
      clock,
      logger,
      net: new ProxiedCanary(this.cluster.proxies),
      config: { timeoutMs: 5_000, reassertMs: 1_000 },
      move: async (port) => moveCanary(api, canary, { address: '10.203.1.9', port }),
      doorOf: (node) => ({ host: node, port: canaryNodePort }),
    });
    barrier.nodes(this.cluster.proxies.map(({ node }) => node));
    return barrier;
  }

  /** Told of each change of pods and slices. */
  subscribe(changed: () => void): void {
    const handlers = { added: changed, changed, removed: changed };
    this.podCache.subscribe(handlers);
    this.sliceCache.subscribe(handlers);
  }
}

function activatorAt(address: string, index: number): Activator {
  const name = `drowse-${index}`;
  const nodeName = `node-${index + 1}`;
  return {
    namespace: 'drowse',
    name,
    uid: name,
    addresses: [address],
    nodeName,
    zone: null,
    isReady: true,
    isEnding: false,
  };
}
