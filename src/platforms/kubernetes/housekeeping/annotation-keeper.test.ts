import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActorWorld, deploymentOf, namespace, web } from '../../../testing/kube/actors/actor-world.ts';
import { deployments } from '../client/resources.ts';
import { scaledApps } from '../scaled-app/scaled-app.ts';
import { ClusterWatches } from '../watching/cluster-watches.ts';
import { AnnotationKeeper } from './annotation-keeper.ts';

async function open() {
  const cluster = await ActorWorld.started();
  const deps = cluster.deps('drowse');
  const watches = new ClusterWatches(deps, null);
  let writes = 0;
  const { api } = deps;
  const keeper = new AnnotationKeeper({
    logger: deps.logger,
    watches,
    api: {
      patch: async (...asked) => {
        writes += 1;
        return api.patch(...asked);
      },
      delete: async (...asked) => api.delete(...asked),
    },
  });
  const look = async (): Promise<readonly string[]> => {
    await cluster.run(500);
    await cluster.done(keeper.look());
    await cluster.run(500);
    return [...watches.scaledApps.values()].map(({ metadata }) => metadata.name ?? '').toSorted();
  };
  const annotate = async (name: string, sleepAfter: string | null): Promise<void> => {
    const body = { metadata: { annotations: { 'drowse.dev/sleep-after': sleepAfter } } };
    await cluster.done(cluster.api.patch(deployments, { namespace, name }, { type: 'merge', body }));
  };
  return { cluster, watches, look, annotate, writes: () => writes };
}

void test('annotations make ScaledApps, which are written once, and go with them', async () => {
  const { cluster, watches, look, annotate, writes } = await open();
  await cluster.deploy(1);
  await annotate('web', '15m');
  assert.deepEqual([await look(), writes()], [[], 0], 'before anything was listed');
  watches.start();
  assert.deepEqual([await look(), writes()], [['web'], 1]);
  assert.deepEqual([await look(), writes()], [['web'], 1]);
  await annotate('web', '1h');
  await look();
  assert.deepEqual([watches.scaledApps.get(web)?.spec.sleepAfter, writes()], ['1h', 2]);
  await annotate('web', null);
  assert.deepEqual(await look(), []);
});

void test('one that is refused, and one that cannot be read, keep none of the others waiting; each is told of once', async () => {
  const { cluster, watches, look, annotate } = await open();
  watches.start();
  for (const name of ['good', 'refused', 'wrong']) {
    const object = { ...deploymentOf(0, 'images.test/apps:1'), metadata: { namespace, name } };
    await cluster.done(cluster.api.create(deployments, object));
    await annotate(name, name === 'wrong' ? 'soon' : '15m');
  }
  cluster.world.faults.call = ({ method, path }) =>
    method === 'PATCH' && path.includes(`${scaledApps.plural}/refused`)
      ? { kind: 'answer', status: 500, hasEffect: false }
      : null;
  assert.deepEqual(await look(), ['good']);
  await look();
  const told = cluster.world.logged.filter(({ message }) => message.startsWith('its annotations'));
  assert.equal(told.length, 2);
  cluster.world.faults.heal();
  assert.deepEqual(await look(), ['good', 'refused']);
});
