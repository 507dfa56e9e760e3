import assert from 'node:assert/strict';
import type { ObjectKey } from '../../platforms/kubernetes/client/object.ts';
import { statusOf } from '../../platforms/kubernetes/client/resource.ts';
import { deployments, type Pod, pods, type Scale } from '../../platforms/kubernetes/client/resources.ts';
import { replicasOf, scaleOf, writeScale } from '../../platforms/kubernetes/client/scale.ts';
import { type Contract, eventually, fails, type Room } from './environment.ts';

type Key = ObjectKey & { readonly namespace: string };

/** Paused, so that no controller makes pods of it. */
async function aDeployment({ api, namespace }: Room, replicas: number): Promise<Key> {
  const key = { namespace, name: 'app' };
  const labels = { app: 'app' };
  const containers = [{ name: 'c', image: 'nowhere.invalid/none' }];
  const spec = {
    replicas,
    paused: true,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  await api.create(deployments, { metadata: key, spec });
  return key;
}

/** Controllers of a real cluster write the status of the same object meanwhile. */
async function scaleTo({ api, cluster }: Room, key: Key, replicas: number): Promise<Scale> {
  return eventually(cluster, async () => {
    const { metadata } = await api.get(scaleOf(deployments), key);
    return writeScale(api, deployments, key, {
      replicas,
      resourceVersion: metadata.resourceVersion ?? '',
    });
  });
}

/** A pod that nobody schedules: a gate holds it. */
async function aPod({ api, namespace, cluster }: Room): Promise<Key> {
  const key = { namespace, name: 'pod' };
  const containers = [{ name: 'c', image: 'nowhere.invalid/none' }];
  const spec = { containers, schedulingGates: [{ name: 'drowse.dev/never' }] };
  const pod: Pod = { metadata: key, spec };
  // In a real cluster the namespace's account comes a moment after the namespace.
  await eventually(cluster, async () => api.create(pods, pod));
  return key;
}

/** `/scale` and `/status`. */
export function subresourceContract(contract: Contract): void {
  contract('a Scale leaves its count out at 0', async (room) => {
    const key = await aDeployment(room, 0);
    const scale = await room.api.get(scaleOf(deployments), key);
    assert.equal(scale.kind, 'Scale');
    assert.deepEqual(scale.spec, {});
    assert.equal(replicasOf(scale), 0);
    assert.equal(scale.status?.selector, 'app=app');
    const operations = [{ op: 'test', path: '/spec/replicas', value: 0 }] as const;
    await fails(room.api.patch(scaleOf(deployments), key, { type: 'json', operations }), 'Invalid');
  });

  contract('a Scale is written under the version of its object', async (room) => {
    const { api } = room;
    const key = await aDeployment(room, 0);
    const old = await api.get(scaleOf(deployments), key);
    const scaled = await scaleTo(room, key, 3);
    assert.equal(replicasOf(scaled), 3);
    const { spec, metadata } = await api.get(deployments, key);
    assert.equal(spec.replicas, 3);
    assert.equal(metadata.uid, scaled.metadata.uid);
    assert.equal(metadata.generation, 2);
    const { resourceVersion = '' } = old.metadata;
    await fails(writeScale(api, deployments, key, { replicas: 5, resourceVersion }), 'Conflict');
    assert.equal(replicasOf(await api.get(scaleOf(deployments), key)), 3);
    assert.deepEqual((await scaleTo(room, key, 0)).spec, {});
    assert.equal((await api.get(deployments, key)).spec.replicas, 0);
  });

  contract('a Scale below 0 is refused', async (room) => {
    const key = await aDeployment(room, 0);
    const patch = { type: 'merge', body: { spec: { replicas: -1 } } } as const;
    await fails(room.api.patch(scaleOf(deployments), key, patch), 'Invalid');
  });

  contract('what has no scale says so', async (room) => {
    const key = await aPod(room);
    await fails(room.api.get(scaleOf(pods), key), 'NotFound');
  });

  contract('status is written through its subresource alone', async (room) => {
    const { api } = room;
    const key = await aPod(room);
    const before = await api.get(pods, key);
    const labels = { touched: 'yes' };
    const body = { metadata: { labels }, status: { podIP: '10.9.9.9', podIPs: [{ ip: '10.9.9.9' }] } };
    const main = await api.patch(pods, key, { type: 'merge', body });
    assert.deepEqual([main.metadata.labels?.['touched'], main.status?.podIP], ['yes', undefined]);
    const spec = { terminationGracePeriodSeconds: 1 };
    const status = { conditions: [{ type: 'Ready', status: 'False', reason: 'Drowse' }] };
    const changed = await api.patch(statusOf(pods), key, { type: 'strategic', body: { spec, status } });
    assert.equal(changed.spec.terminationGracePeriodSeconds, before.spec.terminationGracePeriodSeconds);
    assert.equal(changed.metadata.generation, before.metadata.generation);
    assert.equal(conditionOf(changed, 'Ready')?.reason, 'Drowse');
  });

  contract('a strategic patch merges conditions by their type', async (room) => {
    const key = await aPod(room);
    const set = async (type: string, status: 'True' | 'False'): Promise<Pod> =>
      room.api.patch(statusOf(pods), key, {
        type: 'strategic',
        body: { status: { conditions: [{ type, status }] } },
      });
    await set('Ready', 'False');
    await set('drowse.dev/Own', 'True');
    const pod = await set('Ready', 'True');
    assert.equal(conditionOf(pod, 'Ready')?.status, 'True');
    assert.equal(conditionOf(pod, 'drowse.dev/Own')?.status, 'True');
    assert.equal(pod.status?.conditions?.filter(({ type }) => type === 'Ready').length, 1);
  });

  contract('a pod on no node goes at once', async (room) => {
    const key = await aPod(room);
    await room.api.delete(pods, key);
    await fails(room.api.get(pods, key), 'NotFound');
  });

  contract('a change of the spec counts a generation of a Deployment', async (room) => {
    const { api } = room;
    const key = await aDeployment(room, 0);
    const patch = { type: 'merge', body: { spec: { replicas: 2 } } } as const;
    assert.equal((await api.patch(deployments, key, patch)).metadata.generation, 2);
    assert.equal((await api.patch(deployments, key, patch)).metadata.generation, 2);
    const labels = { type: 'merge', body: { metadata: { labels: { a: 'b' } } } } as const;
    assert.equal((await api.patch(deployments, key, labels)).metadata.generation, 2);
  });
}

function conditionOf(
  pod: Pod,
  type: string,
): NonNullable<NonNullable<Pod['status']>['conditions']>[number] | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}
