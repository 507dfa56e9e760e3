import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActorWorld, namespace, web } from '../../../testing/kube/actors/actor-world.ts';
import { deployments, nodes } from '../client/resources.ts';
import { ActivatorPods } from './activator-pods.ts';

void test('the replicas of Drowse are followed, with the zones of their nodes', async () => {
  const cluster = await ActorWorld.started();
  let changes = 0;
  const deps = cluster.deps('drowse');
  const activatorPods = new ActivatorPods({
    ...deps,
    namespace,
    labelSelector: 'app=web',
    changed: () => void (changes += 1),
  });
  assert.equal(activatorPods.isSynced, false);
  activatorPods.start();
  await cluster.deploy(2);
  await cluster.run(5_000);
  assert.equal(activatorPods.isSynced, true);
  const activators = activatorPods.activators();
  assert.deepEqual(
    activators.map(({ isReady, isEnding, zone, addresses }) => [isReady, isEnding, zone, addresses.length]),
    [
      [true, false, null, 1],
      [true, false, null, 1],
    ],
  );
  assert.equal([...activatorPods.nodes()].length, 2);
  const before = changes;
  const status = { metadata: { annotations: { heard: 'again' } } };
  await cluster.done(cluster.api.patch(nodes, { name: 'node-1' }, { type: 'merge', body: status }));
  await cluster.run(100);
  assert.equal(changes, before);
  const zone = { metadata: { labels: { 'topology.kubernetes.io/zone': 'a' } } };
  for (const name of ['node-1', 'node-2'])
    await cluster.done(cluster.api.patch(nodes, { name }, { type: 'merge', body: zone }));
  await cluster.run(100);
  assert.ok(changes > before);
  assert.deepEqual(new Set(activatorPods.activators().map((one) => one.zone)), new Set(['a']));
  await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas: 0 } } }));
  await cluster.run(30_000);
  assert.deepEqual(activatorPods.activators(), []);
  await cluster.done(activatorPods.stop());
});
