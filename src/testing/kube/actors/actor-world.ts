import type { KubeApi } from '../../../platforms/kubernetes/client/kube-api.ts';
import {
  type Deployment,
  deployments,
  type EndpointSlice,
  endpointSlices,
  namespaces,
  type Node,
  nodes,
  type Pod,
  pods,
  type Service,
  services,
} from '../../../platforms/kubernetes/client/resources.ts';
import { KubeWorld } from '../kube-world.ts';
import { scaledAppKind } from '../scaled-app-kind.ts';
import type { Actor, ActorDeps } from './actor.ts';
import { DeploymentController } from './deployment-controller.ts';
import { EndpointSliceController } from './endpoint-slice-controller.ts';
import { KubeProxy, type Reached } from './kube-proxy.ts';
import { Kubelet } from './kubelet.ts';
import { healthy, type PodBehaviour } from './pod-behaviour.ts';
import { Refusals } from './refusals.ts';
import { ReplicaSetController } from './replica-set-controller.ts';
import { type Fits, Scheduler } from './scheduler.ts';

const nodeNames = ['node-1', 'node-2'];
export const namespace = 'shop';

/** A simulated cluster of two nodes with all that works in it, and what a test changes of it. */
export class ActorWorld {
  readonly world: KubeWorld;
  readonly refusals: Refusals;
  readonly api: KubeApi;
  readonly kubelets: readonly Kubelet[];
  readonly proxies: readonly KubeProxy[];
  behaviour: PodBehaviour = healthy;
  fits: Fits = () => true;
  sliceLagMs = 0;
  private readonly actors: readonly Actor[];

  constructor(seed = 1) {
    this.refusals = new Refusals(() => this.world.kube.log);
    this.world = new KubeWorld(seed, { admit: this.refusals.admit, kinds: [scaledAppKind] });
    this.world.faults.latencyMs = () => this.world.random.between(0.5, 2);
    this.world.faults.lagMs = () => this.world.random.between(0.5, 5);
    this.api = this.world.client('test');
    this.kubelets = nodeNames.map(
      (node, index) =>
        new Kubelet(this.deps(`kubelet-${node}`), {
          node,
          addressPrefix: `10.201.${index + 1}.`,
          behaviourOf: () => this.behaviour,
        }),
    );
    this.proxies = nodeNames.map((node) => new KubeProxy(this.deps(`kube-proxy-${node}`), node, () => 5));
    this.actors = [
      new DeploymentController(this.deps('deployment-controller')),
      new ReplicaSetController(this.deps('replicaset-controller')),
      new Scheduler(this.deps('scheduler'), (...asked) => this.fits(...asked)),
      new EndpointSliceController(this.deps('endpointslice-controller'), () => this.sliceLagMs),
      ...this.kubelets,
      ...this.proxies,
    ];
  }

  deps(name: string): ActorDeps {
    const { clock, random, logger } = this.world;
    return { api: this.world.client(name), clock, random: random.fork(), logger };
  }

  /** With its namespace and nodes, and every cache filled. */
  static async started(seed = 1): Promise<ActorWorld> {
    const made = new ActorWorld(seed);
    await made.done(made.api.create(namespaces, { metadata: { name: namespace } }));
    for (const name of nodeNames)
      await made.done(made.api.create(nodes, { metadata: { name } } satisfies Node));
    for (const actor of made.actors) actor.start();
    await made.run(1_000);
    return made;
  }

  async run(forMs: number): Promise<void> {
    await this.world.run(forMs);
  }

  async done<T>(call: Promise<T>): Promise<T> {
    return this.world.settle(call);
  }

  async stop(): Promise<void> {
    await this.done(Promise.all(this.actors.map(async (actor) => actor.stop())));
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.done(this.api.list(pods, { namespace }))).items;
  }

  async slices(): Promise<readonly EndpointSlice[]> {
    return (await this.done(this.api.list(endpointSlices, { namespace }))).items;
  }

  async deploy(replicas: number, image = 'images.test/apps:1'): Promise<Deployment> {
    return this.done(this.api.create(deployments, deploymentOf(replicas, image)));
  }

  async expose(more: Partial<Service['spec']> = {}): Promise<Service> {
    const spec = {
      selector: labels,
      clusterIP,
      ports: [{ name: 'web', port: 80, targetPort: 8080, nodePort }],
      ...more,
    };
    return this.done(this.api.create(services, { metadata: { ...web }, spec }));
  }

  /** What connections through the Service become, one from each node. */
  reached(): readonly Reached[] {
    return this.proxies.map((proxy) => proxy.connect(`${clusterIP}:80`));
  }

  /** Whether all of those find somebody who takes them. */
  isServed(): boolean {
    return this.reached().every(
      (to) => typeof to === 'object' && this.kubelets.some((kubelet) => kubelet.accepts(to.address)),
    );
  }
}

export const web = { namespace, name: 'web' };
export const nodePort = 30_080;
const clusterIP = '10.202.0.7';
const labels = { app: 'web' };

export function deploymentOf(replicas: number, image: string): Deployment {
  const template = {
    metadata: { labels },
    spec: {
      terminationGracePeriodSeconds: 10,
      containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }],
    },
  };
  return { metadata: { ...web }, spec: { replicas, selector: { matchLabels: labels }, template } };
}
