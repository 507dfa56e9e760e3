import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodes } from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld } from './actor-world.ts';
import { conditionOf, isReady } from './pods.ts';

async function setUnschedulable(cluster: ActorWorld, name: string, unschedulable: boolean): Promise<void> {
  const body = { spec: { unschedulable } };
  await cluster.done(cluster.api.patch(nodes, { name }, { type: 'merge', body }));
}

test('a pod that no node has room for says so, and is bound once there is', async () => {
  const cluster = await ActorWorld.started();
  for (const name of ['node-1', 'node-2']) await setUnschedulable(cluster, name, true);
  await cluster.deploy(1);
  await cluster.run(2_000);
  const [waiting] = await cluster.pods();
  assert.ok(waiting);
  const condition = conditionOf(waiting, 'PodScheduled');
  assert.deepEqual([condition?.status, condition?.reason], ['False', 'Unschedulable']);
  assert.equal(waiting.status?.phase, 'Pending');
  await setUnschedulable(cluster, 'node-2', false);
  await cluster.run(2_000);
  const [bound] = await cluster.pods();
  assert.ok(bound);
  assert.equal(bound.spec.nodeName, 'node-2');
  assert.equal(conditionOf(bound, 'PodScheduled')?.status, 'True');
  assert.ok(isReady(bound));
});

test('a node takes no more than fit, counted with those that were bound just now', async () => {
  const cluster = await ActorWorld.started();
  cluster.fits = (_, onIt) => onIt.length < 2;
  await cluster.deploy(5);
  await cluster.run(2_000);
  const pods = await cluster.pods();
  const onNode = (name: string): number => pods.filter(({ spec }) => spec.nodeName === name).length;
  assert.deepEqual([onNode('node-1'), onNode('node-2'), pods.filter(isReady).length], [2, 2, 4]);
});

test('a pod is bound once', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(1);
  await cluster.run(2_000);
  const [pod] = await cluster.pods();
  const path = `/api/v1/namespaces/shop/pods/${pod?.metadata.name}/binding`;
  const target = { apiVersion: 'v1', kind: 'Node', name: 'node-1' };
  const answer = await cluster.done(cluster.api.raw('POST', path, { metadata: {}, target }));
  assert.equal(answer.status, 409);
});
