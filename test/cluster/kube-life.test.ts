import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { defineResource } from '../../src/platforms/kubernetes/client/resource.ts';
import { systemClock } from '../../src/system/clock.ts';
import { systemRandom } from '../../src/system/random.ts';
import { simulated, underQuota, withoutImage } from '../../src/testing/kube/actors/life.ts';
import {
  lifeUnderQuota,
  lifeWithoutImage,
  type LifeStage,
  wholeLife,
} from '../../src/testing/kube-life/life.ts';
import { connectAdministrator } from './harness/kube-client.ts';
import { createNamespace } from './harness/namespace.ts';
import { openCluster } from './harness/open-cluster.ts';
import { appsImage } from './images/names.ts';

/** What the controllers and kubelets of the simulation do, they do as the real ones: the states that a watch sees come in the same order. */

const cluster = openCluster();
let connection: KubeConnection;

before(async () => {
  connection = await connectAdministrator(cluster, 'test');
});
after(async () => connection.close());

const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

async function real<T>(
  live: (stage: LifeStage) => Promise<T>,
  prepare: (namespace: string) => Promise<unknown> = async () => null,
): Promise<T> {
  await using space = await createNamespace(cluster);
  await prepare(space.name);
  const world = { api: connection.api, clock: systemClock, random: systemRandom, logger };
  return await live({ ...world, namespace: space.name, image: appsImage });
}

test('a pod comes, is robbed of its readiness, has it back, and ends', async () => {
  assert.deepEqual(await real(wholeLife), await simulated(wholeLife));
});

test('a pod without an image says that it cannot be pulled, and then waits', async () => {
  assert.deepEqual(await real(lifeWithoutImage), await simulated(lifeWithoutImage, withoutImage));
});

test('a Deployment says which quota stops it', async () => {
  const quotas = defineResource('v1', 'resourcequotas', 'ResourceQuota');
  const quota = (namespace: string) => ({
    metadata: { namespace, name: 'none' },
    spec: { hard: { pods: '0' } },
  });
  const prepare = async (namespace: string) => connection.api.create(quotas, quota(namespace));
  assert.deepEqual(await real(lifeUnderQuota, prepare), await simulated(lifeUnderQuota, underQuota));
});
