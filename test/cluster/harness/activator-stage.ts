import assert from 'node:assert/strict';
import type { KubeApi } from '../../../src/platforms/kubernetes/client/kube-api.ts';
import {
  deployments,
  type EndpointSlice,
  endpointSlices,
  pods,
  type Service,
  services,
} from '../../../src/platforms/kubernetes/client/resources.ts';
import {
  type ActivatorPort,
  allocatePorts,
} from '../../../src/platforms/kubernetes/activator-ports/allocate-ports.ts';
import {
  portNameOf,
  resolveApp,
  type ResolvedApp,
} from '../../../src/platforms/kubernetes/resolve/resolve-app.ts';
import { podSelectorOf } from '../../../src/platforms/kubernetes/resolve/pod-selector.ts';
import { targetFacts } from '../../../src/platforms/kubernetes/resolve/target-facts.ts';
import { activatorOf } from '../../../src/platforms/kubernetes/slices/activators.ts';
import { diffSlices } from '../../../src/platforms/kubernetes/slices/diff-slices.ts';
import type { SliceStage } from '../../../src/platforms/kubernetes/slices/endpoints.ts';
import { ourSlices } from '../../../src/platforms/kubernetes/slices/slice-names.ts';
import { wantedSlices } from '../../../src/platforms/kubernetes/slices/wanted-slices.ts';
import { writeSlices } from '../../../src/platforms/kubernetes/slices/write-slices.ts';
import { eventually } from '../eventually.ts';
import { appsImage } from '../images/names.ts';
import { deploymentOf } from './app-manifests.ts';
import type { Json, Namespace } from './namespace.ts';

const range = { first: 20_000, last: 20_001 };

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { containers: Json[] } } };
}

/** A Deployment whose pods answer HTTP at two ports. */
function twoPorts(name: string, replicas: number, ports: readonly [number, number]): Json {
  const args = (port: number) => ['http', `--listen=:${port}`];
  const [first, second] = ports;
  const made = deploymentOf({ name, replicas, args: args(first), port: first });
  const other = {
    name: 'second',
    image: appsImage,
    args: args(second),
    ports: [{ name: 'second', containerPort: second }],
  };
  (made as unknown as Deployment).spec.template.spec.containers.push(other);
  return made;
}

const service: Json = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: {
    type: 'NodePort',
    selector: { app: 'web' },
    ipFamilyPolicy: 'RequireDualStack',
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'admin', port: 81, targetPort: 'second' },
    ],
  },
};

/** The API server, kube-proxies and pods are real; who steps in and out is the test. */
export class ActivatorStage {
  readonly space: Namespace;
  readonly api: KubeApi;
  readonly app: ResolvedApp;
  readonly service: Service;
  readonly activatorPorts: readonly ActivatorPort[];

  private constructor(
    space: Namespace,
    api: KubeApi,
    found: { app: ResolvedApp; service: Service; activatorPorts: readonly ActivatorPort[] },
  ) {
    this.space = space;
    this.api = api;
    this.app = found.app;
    this.service = found.service;
    this.activatorPorts = found.activatorPorts;
  }

  static async open(space: Namespace, api: KubeApi): Promise<ActivatorStage> {
    const namespace = space.name;
    await space.apply(
      twoPorts('web', 0, [8080, 8081]),
      twoPorts('activator', 2, [range.first, range.last]),
      service,
    );
    await space.rolledOut('activator');
    const { spec } = await api.get(deployments, { namespace, name: 'web' });
    const found = (await api.list(services, { namespace })).items;
    const target = targetFacts(podSelectorOf(spec.selector), spec.template, []);
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const metadata = { namespace, name: 'web' };
    const app = resolveApp(
      { metadata, spec: { scaleTargetRef } },
      { services: found, target, claims: new Map() },
    );
    const wanted = app.services.flatMap(({ name, ports }) =>
      ports.map(({ port }) => ({ service: name, port })),
    );
    const [allocation] = allocatePorts([{ app: { metadata }, wanted, allocated: [] }], {
      range,
      avoid: new Set(),
    });
    const [web] = found;
    assert.ok(web !== undefined && allocation?.ports.length === 2);
    return new ActivatorStage(space, api, { app, service: web, activatorPorts: allocation.ports });
  }

  async slices(): Promise<readonly EndpointSlice[]> {
    const { items } = await this.api.list(endpointSlices, {
      namespace: this.space.name,
      labelSelector: ourSlices,
    });
    return items;
  }

  /** Looks, decides and writes, until there is nothing to do. */
  async step(stage: SliceStage): Promise<void> {
    const namespace = this.space.name;
    const found = await this.api.list(pods, { namespace, labelSelector: 'app=activator' });
    const activators = found.items.flatMap((pod) => activatorOf(pod, () => null) ?? []);
    assert.equal(activators.length, 2);
    const activatorPorts = new Map(
      this.activatorPorts.map((one) => [portNameOf(one.service, one.port), one.activatorPort]),
    );
    const wish = { namespace, app: 'web', services: this.app.services, activatorPorts, activators, stage };
    await eventually(
      async () => {
        const existing = await this.slices();
        const changes = diffSlices(wantedSlices(wish, existing), existing);
        await writeSlices(this.api, changes);
        return changes.apply.length + changes.remove.length === 0 ? true : null;
      },
      { limitMs: 5_000, else: () => `the slices are never as they should be at stage ${stage}` },
    );
  }

  activatorPort(port: number): number {
    return this.activatorPorts.find((one) => one.port === port)?.activatorPort ?? 0;
  }

  get addresses(): readonly string[] {
    return this.service.spec.clusterIPs ?? [];
  }
}
