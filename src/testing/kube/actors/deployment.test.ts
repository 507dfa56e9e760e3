import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployments, pods as podResource } from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld, namespace, web } from './actor-world.ts';
import { healthy } from './pod-behaviour.ts';
import { isReady } from './pods.ts';
import { replicaSets } from './replica-sets.ts';

async function statusOf(cluster: ActorWorld): Promise<object> {
  return (await cluster.done(cluster.api.get(deployments, web))).status ?? {};
}

async function scale(cluster: ActorWorld, replicas: number): Promise<void> {
  await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas } } }));
}

test('a Deployment has its pods on both nodes within a second, and says so', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(4);
  await cluster.run(1_000);
  const pods = await cluster.pods();
  const onNode = (name: string): number => pods.filter(({ spec }) => spec.nodeName === name).length;
  assert.deepEqual([onNode('node-1'), onNode('node-2')], [2, 2]);
  assert.ok(pods.every(isReady));
  const { conditions: _, ...counts } = (await statusOf(cluster)) as { conditions: unknown };
  const all = {
    replicas: 4,
    updatedReplicas: 4,
    readyReplicas: 4,
    availableReplicas: 4,
    unavailableReplicas: 0,
  };
  assert.deepEqual(counts, { observedGeneration: 1, ...all });
});

test('scaled to zero and back its pods go within their grace, and come again', async () => {
  const cluster = await ActorWorld.started();
  cluster.behaviour = { ...healthy, exitMs: 3_000 };
  await cluster.deploy(2);
  await cluster.run(2_000);
  await scale(cluster, 0);
  await cluster.run(2_000);
  assert.ok((await cluster.pods()).every(({ metadata }) => metadata.deletionTimestamp !== undefined));
  await cluster.run(2_000);
  assert.equal((await cluster.pods()).length, 0);
  await scale(cluster, 3);
  await cluster.run(1_000);
  assert.equal((await cluster.pods()).filter(isReady).length, 3);
});

test('a new template is rolled out without ever less than three of four ready, or more than five', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(4);
  await cluster.run(2_000);
  const spec = { template: { spec: { containers: [{ name: 'web', image: 'images.test/apps:2' }] } } };
  await cluster.done(cluster.api.patch(deployments, web, { type: 'strategic', body: { spec } }));
  for (let round = 0; round < 100; round += 1) {
    await cluster.run(50);
    const active = (await cluster.pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    assert.ok(active.filter(isReady).length >= 3, `round ${round}`);
    assert.ok(active.length <= 5, `round ${round}`);
  }
  const images = (await cluster.pods()).map((pod) => pod.spec.containers[0]?.image);
  assert.deepEqual(
    images,
    Array.from({ length: 4 }, () => 'images.test/apps:2'),
  );
  const sets = (await cluster.done(cluster.api.list(replicaSets, { namespace }))).items;
  assert.deepEqual(new Set(sets.map((set) => set.spec.replicas)), new Set([0, 4]));
});

test('a deleted pod is replaced', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(2);
  await cluster.run(2_000);
  const [first] = await cluster.pods();
  await cluster.done(cluster.api.delete(podResource, { namespace, name: first?.metadata.name ?? '' }));
  await cluster.run(2_000);
  const names = (await cluster.pods()).map(({ metadata }) => metadata.name);
  assert.equal(names.length, 2);
  assert.ok(!names.includes(first?.metadata.name ?? ''));
});

test('never one pod too many, however old what the controllers know is', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const cluster = await ActorWorld.started(seed);
    cluster.world.faults.lagMs = () => cluster.world.random.between(0, 900);
    await cluster.deploy(3);
    for (let round = 0; round < 40; round += 1) {
      await cluster.run(100);
      assert.ok((await cluster.pods()).length <= 3, `seed ${seed}`);
    }
    assert.equal((await cluster.pods()).filter(isReady).length, 3, `seed ${seed}`);
  }
});

test('a quota stops pods and says why, up to the Deployment; lifted, they come', async () => {
  const cluster = await ActorWorld.started();
  cluster.refusals.podQuotas.set(namespace, 1);
  await cluster.deploy(3);
  await cluster.run(2_000);
  assert.equal((await cluster.pods()).length, 1);
  assert.match(JSON.stringify(await statusOf(cluster)), /"ReplicaFailure".*FailedCreate.*exceeded quota/u);
  cluster.refusals.podQuotas.delete(namespace);
  await cluster.run(60_000);
  assert.equal((await cluster.pods()).filter(isReady).length, 3);
  assert.doesNotMatch(JSON.stringify(await statusOf(cluster)), /ReplicaFailure/u);
});

test('what a webhook says is told', async () => {
  const cluster = await ActorWorld.started();
  cluster.refusals.webhooks.set(namespace, 'no pods on Tuesdays');
  await cluster.deploy(1);
  await cluster.run(2_000);
  assert.match(JSON.stringify(await statusOf(cluster)), /denied the request: no pods on Tuesdays/u);
});

test('the same seed, the same life', async () => {
  const life = async (): Promise<string> => {
    const cluster = await ActorWorld.started(7);
    await cluster.expose();
    await cluster.deploy(3);
    await cluster.run(5_000);
    await cluster.stop();
    return JSON.stringify([await cluster.pods(), await cluster.slices(), cluster.world.kube.log.current]);
  };
  assert.equal(await life(), await life());
});
