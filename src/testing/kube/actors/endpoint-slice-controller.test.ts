import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deployments,
  type Endpoint,
  endpointSlices,
  type EndpointSlice,
  services,
} from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld, namespace, web } from './actor-world.ts';
import { healthy } from './pod-behaviour.ts';

const endpointsOf = (slices: readonly EndpointSlice[]): readonly Endpoint[] =>
  slices.flatMap(({ endpoints }) => endpoints ?? []);

async function scale(cluster: ActorWorld, replicas: number): Promise<void> {
  await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas } } }));
}

test('a Service without pods has a slice without ports; the same slice then has its pods', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  await cluster.run(1_000);
  const [empty] = await cluster.slices();
  assert.deepEqual([empty?.endpoints, empty?.ports], [null, null]);
  await cluster.deploy(2);
  await cluster.run(2_000);
  const slices = await cluster.slices();
  assert.deepEqual(
    slices.map(({ metadata }) => metadata.uid),
    [empty?.metadata.uid],
  );
  assert.deepEqual(slices[0]?.ports, [{ name: 'web', port: 8080, protocol: 'TCP' }]);
  const conditions = endpointsOf(slices).map((endpoint) => endpoint.conditions);
  const ready = { ready: true, serving: true, terminating: false };
  assert.deepEqual(conditions, [ready, ready]);
  await scale(cluster, 0);
  await cluster.run(2_000);
  assert.deepEqual(
    (await cluster.slices()).map(({ endpoints, ports }) => [endpoints, ports]),
    [[null, null]],
  );
});

test('an endpoint says whose it is', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  await cluster.deploy(1);
  await cluster.run(2_000);
  const [pod] = await cluster.pods();
  const [endpoint] = endpointsOf(await cluster.slices());
  const { name = '', uid = '' } = pod?.metadata ?? {};
  assert.deepEqual(endpoint?.targetRef, { kind: 'Pod', namespace, name, uid });
  assert.deepEqual([endpoint.nodeName, endpoint.addresses], [pod?.spec.nodeName, [pod?.status?.podIP]]);
});

test('what ends is serving and terminating until its container has ended', async () => {
  const cluster = await ActorWorld.started();
  cluster.behaviour = { ...healthy, exitMs: 3_000 };
  await cluster.expose();
  await cluster.deploy(1);
  await cluster.run(2_000);
  await scale(cluster, 0);
  await cluster.run(1_000);
  const [going] = endpointsOf(await cluster.slices());
  assert.deepEqual(going?.conditions, { ready: false, serving: true, terminating: true });
  await cluster.run(3_000);
  assert.deepEqual(endpointsOf(await cluster.slices()), []);
});

test('what others publish for the Service is left alone', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  const theirs: EndpointSlice = {
    metadata: { namespace, name: 'activator', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.201.1.200'], conditions: { ready: true } }],
    ports: [{ name: 'web', port: 9000, protocol: 'TCP' }],
  };
  const made = await cluster.done(cluster.api.create(endpointSlices, theirs));
  await cluster.deploy(1);
  await cluster.run(2_000);
  const kept = await cluster.done(cluster.api.get(endpointSlices, { namespace, name: 'activator' }));
  assert.equal(kept.metadata.resourceVersion, made.metadata.resourceVersion);
  assert.equal((await cluster.slices()).length, 2);
});

test('without its selector a Service keeps the slices that it had', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  await cluster.deploy(1);
  await cluster.run(2_000);
  await cluster.done(cluster.api.patch(services, web, { type: 'merge', body: { spec: { selector: null } } }));
  await scale(cluster, 0);
  await cluster.run(5_000);
  assert.equal(endpointsOf(await cluster.slices()).length, 1);
});

test('it can be late', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose();
  cluster.sliceLagMs = 20_000;
  await cluster.deploy(1);
  await cluster.run(15_000);
  assert.deepEqual(endpointsOf(await cluster.slices()), []);
  await cluster.run(10_000);
  assert.equal(endpointsOf(await cluster.slices()).length, 1);
});

test('a named target port is that of each pod', async () => {
  const cluster = await ActorWorld.started();
  await cluster.expose({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
  await cluster.deploy(1);
  await cluster.run(2_000);
  assert.deepEqual((await cluster.slices())[0]?.ports, [{ name: 'web', port: 8080, protocol: 'TCP' }]);
});
