import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deployments,
  endpointSlices,
  type EndpointSlice,
} from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld, namespace, nodePort, web } from './actor-world.ts';
import { healthy } from './pod-behaviour.ts';

async function scale(cluster: ActorWorld, replicas: number): Promise<void> {
  await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas } } }));
}

async function withOnePod(seed = 1): Promise<ActorWorld> {
  const cluster = await ActorWorld.started(seed);
  await cluster.expose();
  await cluster.deploy(1);
  await cluster.run(3_000);
  return cluster;
}

const addressOf = (cluster: ActorWorld, node: number): string | undefined => {
  const to = cluster.reached()[node];
  return typeof to === 'object' ? to.address : undefined;
};

test('a Service leads to its pods from both nodes, by its address and by its node port', async () => {
  const cluster = await withOnePod();
  assert.ok(cluster.isServed());
  const [pod] = await cluster.pods();
  for (const proxy of cluster.proxies) {
    const reached = { address: pod?.status?.podIP ?? '', port: 8080 };
    assert.deepEqual([proxy.connect('10.202.0.7:80'), proxy.connect(`:${nodePort}`)], [reached, reached]);
  }
});

test('without endpoints a connection is refused; at an address of nobody there is no answer', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  await cluster.run(3_000);
  const [proxy] = cluster.proxies;
  assert.deepEqual(
    ['10.202.0.7:80', '10.202.0.7:81', '10.202.0.8:80', ':30081'].map((to) => proxy?.connect(to)),
    ['refused', 'no answer', 'no answer', 'refused'],
  );
});

test('the Service answers about a second after the pod is ready, not before', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  await cluster.run(5_000);
  await cluster.deploy(1);
  await cluster.run(600);
  assert.equal((await cluster.slices())[0]?.endpoints?.[0]?.conditions?.ready, true);
  assert.ok(!cluster.isServed());
  await cluster.run(1_200);
  assert.ok(cluster.isServed());
});

test('a frozen one sends where it sent before; it catches up when it goes on', async () => {
  const cluster = await withOnePod();
  const before = addressOf(cluster, 0);
  cluster.proxies[0]?.freeze();
  await scale(cluster, 0);
  await cluster.run(5_000);
  assert.deepEqual([addressOf(cluster, 0), cluster.reached()[1]], [before, 'refused']);
  assert.ok(!cluster.isServed());
  cluster.proxies[0]?.thaw();
  await cluster.run(1_100);
  assert.equal(cluster.reached()[0], 'refused');
});

test('what still serves while it ends is used when nothing else is there', async () => {
  const cluster = await withOnePod();
  cluster.behaviour = { ...healthy, servesOn: true, exitMs: 8_000 };
  await scale(cluster, 0);
  await cluster.run(2_000);
  await scale(cluster, 1);
  await cluster.run(3_000);
  const before = addressOf(cluster, 0);
  await scale(cluster, 0);
  await cluster.run(3_000);
  assert.equal(addressOf(cluster, 0), before);
  assert.ok(cluster.isServed());
});

test('slices of all managers count, and one that says nothing of its readiness is ready', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  const theirs: EndpointSlice = {
    metadata: { namespace, name: 'activator', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.201.1.200'] }],
    ports: [{ name: 'web', port: 9000, protocol: 'TCP' }],
  };
  await cluster.done(cluster.api.create(endpointSlices, theirs));
  await cluster.run(3_000);
  assert.deepEqual(cluster.reached()[0], { address: '10.201.1.200', port: 9000 });
  await cluster.deploy(1);
  await cluster.run(4_000);
  const reached = new Set(Array.from({ length: 50 }, () => addressOf(cluster, 1)));
  assert.equal(reached.size, 2);
});

test('with a local policy a node without an endpoint gives no answer', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose({ internalTrafficPolicy: 'Local' });
  await cluster.deploy(1);
  await cluster.run(4_000);
  const [pod] = await cluster.pods();
  const there = pod?.spec.nodeName === 'node-1' ? 0 : 1;
  assert.equal(addressOf(cluster, there), pod?.status?.podIP);
  assert.equal(cluster.reached()[1 - there], 'no answer');
  assert.deepEqual(typeof cluster.proxies[1 - there]?.connect(`:${nodePort}`), 'object');
});

test('with affinity a client stays with its endpoint', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose({ sessionAffinity: 'ClientIP' });
  await cluster.deploy(4);
  await cluster.run(4_000);
  const reach = (client: string): string =>
    JSON.stringify(cluster.proxies[0]?.connect('10.202.0.7:80', client));
  assert.equal(new Set(Array.from({ length: 20 }, () => reach('10.1.0.1'))).size, 1);
  assert.ok(new Set(Array.from({ length: 20 }, (_, index) => reach(`10.1.0.${index}`))).size > 1);
});
