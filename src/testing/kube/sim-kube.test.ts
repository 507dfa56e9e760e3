import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../platforms/kubernetes/client/errors.ts';
import type { KubeClient } from '../../platforms/kubernetes/client/kube-client.ts';
import { leases, namespaces, type Pod, pods } from '../../platforms/kubernetes/client/resources.ts';
import { KubeWorld } from './kube-world.ts';

/** What a real server does too, but not when a test wants it (compaction, lag, two servers that differ); and what only a simulation has. */

async function newWorld(servers = 1): Promise<{ world: KubeWorld; api: KubeClient }> {
  const world = new KubeWorld(3, { servers });
  const api = world.client();
  await world.settle(api.create(namespaces, { metadata: { name: 'shop' } }));
  await world.run(10_000);
  return { world, api };
}

const key = (name: string): { namespace: string; name: string } => ({ namespace: 'shop', name });

async function failureOf(world: KubeWorld, call: Promise<unknown>): Promise<KubeError> {
  const error = await world.settle(call.catch((thrown: unknown) => thrown));
  assert.ok(error instanceof KubeError, String(error));
  return error;
}

test('after a compaction the past is gone: lists at it, continue tokens, watches from it', async () => {
  const { world, api } = await newWorld();
  for (const name of ['a', 'b', 'c']) await world.settle(api.create(leases, { metadata: key(name) }));
  const page = await world.settle(api.list(leases, { limit: 1 }));
  await world.settle(api.create(leases, { metadata: key('d') }));
  world.kube.compact(0);
  const { resourceVersion, continueToken } = page;
  const exact = { resourceVersion, resourceVersionMatch: 'Exact' } as const;
  const watch = api.watch(leases, { resourceVersion, timeoutSeconds: 10, stallMs: 60_000 });
  const past: readonly (() => Promise<unknown>)[] = [
    async () => api.list(leases, { limit: 1, continueToken: continueToken ?? '' }),
    async () => api.list(leases, exact),
    async () => watch[Symbol.asyncIterator]().next(),
  ];
  for (const call of past) assert.equal((await failureOf(world, call())).status, 410);
  const now = await world.settle(api.list(leases));
  assert.equal(now.items.length, 4);
});

test('what the watch caches have not seen is in no watch, and in no list at version 0', async () => {
  const { world, api } = await newWorld();
  world.faults.lagMs = () => 5_000;
  await world.settle(api.create(leases, { metadata: key('a') }));
  const read = api.get(leases, key('a'), { resourceVersion: '0' });
  assert.equal((await failureOf(world, read)).code, 'NotFound');
  assert.equal((await world.settle(api.list(leases, { resourceVersion: '0' }))).items.length, 0);
  await world.settle(api.get(leases, key('a')));
  await world.run(5_000);
  await world.settle(api.get(leases, key('a'), { resourceVersion: '0' }));
});

test('two API servers may differ: who reads version 0 twice may go back in time', async () => {
  const { world, api } = await newWorld(2);
  let lag = 0;
  world.faults.lagMs = () => (lag = 60_000 - lag);
  await world.settle(api.create(leases, { metadata: key('a') }));
  const seen = new Set<number>();
  for (let index = 0; index < 20; index += 1)
    seen.add((await world.settle(api.list(leases, { resourceVersion: '0' }))).items.length);
  assert.deepEqual(seen, new Set([0, 1]));
});

test('a pod on a node gets its grace; the kubelet ends it', async () => {
  const { world, api } = await newWorld();
  const spec = { nodeName: 'node-1', containers: [{ name: 'c', image: 'i' }] };
  const pod: Pod = { metadata: key('pod'), spec };
  await world.settle(api.create(pods, pod));
  await world.settle(api.delete(pods, key('pod')));
  const going = await world.settle(api.get(pods, key('pod')));
  assert.equal(going.metadata.deletionGracePeriodSeconds, 30);
  const deletesAt = Date.parse(going.metadata.deletionTimestamp ?? '');
  assert.ok(Math.abs(deletesAt - world.clock.wallMs() - 30_000) <= 1_000);
  const kubelet = world.client('kubelet');
  await world.settle(kubelet.delete(pods, key('pod'), { gracePeriodSeconds: 0 }));
  assert.equal((await failureOf(world, api.get(pods, key('pod')))).code, 'NotFound');
});

test('a namespace that is going takes nothing new', async () => {
  const { world, api } = await newWorld();
  await world.settle(api.delete(namespaces, { name: 'shop' }));
  const { status } = await world.settle(api.get(namespaces, { name: 'shop' }));
  assert.equal(status?.phase, 'Terminating');
  const error = await failureOf(world, api.create(leases, { metadata: key('a') }));
  assert.equal(error.code, 'Forbidden');
});

test('propagation leaves finalizers for the garbage collector', async () => {
  const { world, api } = await newWorld();
  await world.settle(api.create(leases, { metadata: key('a') }));
  await world.settle(api.delete(leases, key('a'), { propagation: 'Foreground' }));
  const { metadata } = await world.settle(api.get(leases, key('a')));
  assert.deepEqual(metadata.finalizers, ['foregroundDeletion']);
});

test('what is not modelled is said, not made up', async () => {
  const { world, api } = await newWorld();
  const call = api.raw('PUT', '/api/v1/namespaces/shop/pods/a', {});
  await assert.rejects(world.settle(call), /does not model PUT/u);
});

test('the same seed, the same run', async () => {
  const run = async (): Promise<string> => {
    const { world, api } = await newWorld(3);
    world.faults.lagMs = () => world.random.between(0, 500);
    world.faults.latencyMs = () => world.random.between(0, 20);
    const calls = ['a', 'b', 'c'].map(async (name) => api.create(leases, { metadata: { ...key(name) } }));
    await world.settle(Promise.all(calls));
    return JSON.stringify([await world.settle(api.list(leases)), world.clock.monoMs()]);
  };
  assert.equal(await run(), await run());
});
