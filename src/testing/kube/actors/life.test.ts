import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifeUnderQuota, lifeWithoutImage, wholeLife } from '../../kube-life/life.ts';
import { simulated, underQuota, withoutImage } from './life.ts';

/** The states of a real cluster: `test/cluster/kube-life.test.ts` lives the same lives there. */

const slice = (ready: boolean, serving: boolean, terminating: boolean): string =>
  `main 8080/TCP: ready ${ready}, serving ${serving}, terminating ${terminating}`;

test('a pod comes, is robbed of its readiness, has it back, and ends', async () => {
  const { pods, slices } = await simulated(wholeLife);
  assert.deepEqual(pods, [
    'Pending nowhere without address, ready -',
    'Pending on a node without address, ready -',
    'Pending on a node without address, ready False',
    'Running on a node with address, ready False',
    'Running on a node with address, ready True',
    'Running on a node with address, ready False',
    'Running on a node with address, ready True',
    'Running on a node with address, ready True, going',
    'Succeeded on a node with address, ready False, going',
    'gone',
  ]);
  assert.deepEqual(slices, [
    'no ports: nobody',
    slice(false, false, false),
    slice(true, true, false),
    slice(false, false, false),
    slice(true, true, false),
    slice(false, true, true),
    'no ports: nobody',
  ]);
});

test('a pod without an image says that it cannot be pulled, and then waits', async () => {
  const waiting = await simulated(lifeWithoutImage, withoutImage);
  assert.deepEqual(waiting, ['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']);
});

test('a Deployment says which quota stops it', async () => {
  assert.deepEqual(await simulated(lifeUnderQuota, underQuota), [
    'True FailedCreate: pods NAME is forbidden: exceeded quota, requested: pods=1, used: pods=0, limited: pods=0',
  ]);
});
