import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { scaleOf, replicasOf, writeScale } from '../../../platforms/kubernetes/client/scale.ts';
import { deployments } from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld, web } from './actor-world.ts';
import { HorizontalPodAutoscaler } from './hpa.ts';
import { kubectlScale } from './human.ts';

async function scaledBy(usage: (replicas: number) => number | null): Promise<ActorWorld> {
  const cluster = await ActorWorld.started();
  const scaled = { resource: deployments, key: web, minReplicas: 1, maxReplicas: 6 };
  new HorizontalPodAutoscaler(cluster.deps('horizontal-pod-autoscaler'), { ...scaled, usage }).start();
  await cluster.deploy(2);
  return cluster;
}

const countOf = async (cluster: ActorWorld): Promise<number> =>
  replicasOf(await cluster.done(cluster.api.get(scaleOf(deployments), web)));

test('an autoscaler goes up at once, to its bound, and down after five minutes', async () => {
  let load = 4;
  const cluster = await scaledBy((replicas) => load / replicas);
  await cluster.run(16_000);
  assert.equal(await countOf(cluster), 4);
  load = 40;
  await cluster.run(16_000);
  assert.equal(await countOf(cluster), 6);
  load = 1;
  await cluster.run(240_000);
  assert.equal(await countOf(cluster), 6);
  await cluster.run(120_000);
  assert.equal(await countOf(cluster), 1);
});

test('within a tenth of its target, or when the use is unknown, it changes nothing', async () => {
  let usage: number | null = 1.09;
  const cluster = await scaledBy(() => usage);
  await cluster.run(60_000);
  usage = null;
  await cluster.run(60_000);
  assert.equal(await countOf(cluster), 2);
});

test('what somebody has scaled to zero it leaves there', async () => {
  const cluster = await scaledBy(() => 3);
  await cluster.done(kubectlScale(cluster.api, deployments, web, 0));
  await cluster.run(60_000);
  assert.equal(await countOf(cluster), 0);
});

test('kubectl scale overwrites what others wrote, which is a conflict for them', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(2);
  await cluster.run(2_000);
  const { metadata } = await cluster.done(cluster.api.get(scaleOf(deployments), web));
  await cluster.done(kubectlScale(cluster.api, deployments, web, 5));
  assert.equal(await countOf(cluster), 5);
  const { resourceVersion = '' } = metadata;
  const late = writeScale(cluster.api, deployments, web, { replicas: 0, resourceVersion });
  await assert.rejects(
    cluster.done(late),
    (error) => error instanceof KubeError && error.code === 'Conflict',
  );
});
