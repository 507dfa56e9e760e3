import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { run } from '../real/programs.ts';
import { eventually } from './eventually.ts';
import { deploymentOf, serviceOf } from './harness/app-manifests.ts';
import { createNamespace, type Namespace } from './harness/namespace.ts';
import {
  get,
  hostPort,
  networkOfMachine,
  networkOfPod,
  type NetworkPlace,
  type PodPlace,
} from './harness/network-places.ts';
import { openCluster } from './harness/open-cluster.ts';
import { addressesOf, clusterDomain, dnsAddresses, nodes, places } from './machines/addresses.ts';

const cluster = openCluster();

interface Service {
  readonly spec: {
    readonly clusterIPs: readonly string[];
    readonly ports: readonly { readonly nodePort: number }[];
  };
}
interface Pods {
  readonly items: readonly PodPlace[];
}

void describe('a Deployment of two pods behind a Service', () => {
  let space: Namespace;
  let service: Service;
  const pods = async () => (await space.get<Pods>('pods', '--selector=app=web')).items;

  after(() => space[Symbol.asyncDispose]());
  before(async () => {
    space = await createNamespace(cluster);
    await space.apply(
      deploymentOf({ name: 'web', replicas: 2, args: ['http', '--on-term=finish'], port: 8080 }),
      serviceOf('web', 80, 8080),
    );
    await space.rolledOut('web');
    service = await space.get<Service>('service', 'web');
  });

  /** Both pods answer: whoever has asked often enough has met each. */
  async function reachesBoth(place: NetworkPlace, address: string, port: number): Promise<void> {
    const names = new Set((await pods()).map(({ metadata }) => metadata.name));
    assert.equal(names.size, 2);
    await eventually(
      async () => {
        names.delete((await get(cluster, place, `http://${hostPort(address, port)}/`)).split(' ')[0] ?? '');
        return names.size === 0 ? true : null;
      },
      {
        limitMs: 20_000,
        else: (last) => `${address} did not reach ${[...names].join(', ')}: ${String(last)}`,
      },
    );
  }

  test('the pods are on different nodes', async () => {
    const on = (await pods()).map(({ spec }) => spec.nodeName).toSorted();
    assert.deepEqual(
      on,
      nodes.map(({ name }) => name),
    );
  });

  test('answers on its ClusterIPs of both families to every machine', async () => {
    assert.equal(service.spec.clusterIPs.length, 2);
    for (const { name } of places)
      for (const address of service.spec.clusterIPs)
        await reachesBoth(networkOfMachine(cluster, name), address, 80);
  });

  test('answers on its ClusterIPs of both families to a pod on each node', async () => {
    for (const pod of await pods()) {
      const place = await networkOfPod(cluster, pod);
      for (const address of service.spec.clusterIPs) await reachesBoth(place, address, 80);
    }
  });

  test('answers on the node port of every machine, on both families', async () => {
    const [port] = service.spec.ports;
    const outside = networkOfMachine(cluster, 'control-plane');
    for (const place of nodes)
      for (const address of addressesOf(place)) await reachesBoth(outside, address, port?.nodePort ?? 0);
  });

  test('has a name in the DNS, from a pod and on both families', async () => {
    const [pod] = await pods();
    assert.ok(pod);
    const place = await networkOfPod(cluster, pod);
    for (const server of dnsAddresses) {
      const name = `web.${space.name}.svc.${clusterDomain}`;
      const found = await run(place([cluster.programs.apps, 'lookup', server, name]));
      assert.deepEqual(new Set(found.split('\n')), new Set(service.spec.clusterIPs));
    }
  });

  test('a PATCH of /scale takes it to 0 and back', async () => {
    const scaleTo = (replicas: number) =>
      space.kubectl(
        'patch',
        'deployment',
        'web',
        '--subresource=scale',
        '--type=merge',
        '--patch',
        JSON.stringify({ spec: { replicas } }),
      );
    await scaleTo(0);
    await space.kubectl('wait', '--for=delete', 'pods', '--selector=app=web', '--timeout=30s');
    const from = networkOfMachine(cluster, 'node-1');
    const [address = ''] = service.spec.clusterIPs;
    await eventually(
      () =>
        get(cluster, from, `http://${address}/`).then(
          () => null,
          () => true,
        ),
      {
        limitMs: 10_000,
        else: () => 'The Service still answers without pods',
      },
    );
    await scaleTo(2);
    await space.rolledOut('web');
    await reachesBoth(from, address, 80);
  });

  test('a deleted pod is replaced by another', async () => {
    const [first] = await pods();
    assert.ok(first);
    await space.kubectl('delete', 'pod', first.metadata.name);
    await space.rolledOut('web');
    const names = (await pods()).map(({ metadata }) => metadata.name);
    assert.equal(names.length, 2);
    assert.ok(!names.includes(first.metadata.name));
    await reachesBoth(networkOfMachine(cluster, 'node-2'), service.spec.clusterIPs[0] ?? '', 80);
  });
});
