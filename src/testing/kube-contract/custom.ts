import assert from 'node:assert/strict';
import type { KubeApi } from '../../platforms/kubernetes/client/kube-api.ts';
import type { Patch } from '../../platforms/kubernetes/client/patch.ts';
import { statusOf } from '../../platforms/kubernetes/client/resource.ts';
import { scaleOf } from '../../platforms/kubernetes/client/scale.ts';
import { type Contract, fails, type Room } from './environment.ts';
import { type Thing, things } from './things.ts';

const merge = (body: object): Patch => ({ type: 'merge', body });
const ready = { conditions: [{ type: 'Ready', status: 'True' as const }] };

async function aThing({ api, namespace }: Room): Promise<{ namespace: string; name: string }> {
  const key = { namespace, name: 'thing' };
  const made = await api.create(things, { metadata: key, spec: { size: 1 }, status: ready });
  assert.deepEqual([made.status, made.metadata.generation], [undefined, 1]);
  return key;
}

async function applyStatus(
  api: KubeApi,
  key: { namespace: string; name: string },
  type: string,
): Promise<Thing> {
  const object = {
    apiVersion: 'contract.drowse.dev/v1',
    kind: 'Thing',
    metadata: { name: key.name },
    status: { conditions: [{ type, status: 'True' }] },
  };
  return api.patch(statusOf(things), key, { type: 'apply', object, isForced: false });
}

/** Custom resources. */
export function customContract(contract: Contract): void {
  contract('of a custom resource the status is its subresource’s alone', async (room) => {
    const key = await aThing(room);
    const main = await room.api.patch(things, key, merge({ spec: { size: 2 }, status: ready }));
    assert.deepEqual([main.spec.size, main.status, main.metadata.generation], [2, undefined, 2]);
    const body = { metadata: { labels: { a: 'b' } }, spec: { size: 3 }, status: ready };
    const status = await room.api.patch(statusOf(things), key, merge(body));
    assert.deepEqual([status.spec.size, status.metadata.generation], [2, 2]);
    assert.equal(status.status?.conditions?.[0]?.type, 'Ready');
    assert.equal(status.metadata.labels, undefined);
    const same = await room.api.patch(statusOf(things), key, merge({ status: ready }));
    assert.equal(same.metadata.resourceVersion, status.metadata.resourceVersion);
  });

  contract('of a custom resource metadata counts no generation', async (room) => {
    const key = await aThing(room);
    const labels = await room.api.patch(things, key, merge({ metadata: { labels: { a: 'b' } } }));
    const annotated = await room.api.patch(things, key, merge({ metadata: { annotations: { a: 'b' } } }));
    assert.deepEqual([labels.metadata.generation, annotated.metadata.generation], [1, 1]);
  });

  contract('a custom resource takes no strategic patch, and has no scale unless it says so', async (room) => {
    const key = await aThing(room);
    await fails(room.api.patch(things, key, { type: 'strategic', body: {} }), 'UnsupportedMediaType');
    await fails(room.api.get(scaleOf(things), key), 'NotFound');
  });

  contract('conditions are applied by each manager for itself', async (room) => {
    const key = await aThing(room);
    await applyStatus(room.api, key, 'Ready');
    const both = await applyStatus(room.other, key, 'Watched');
    assert.deepEqual(both.status?.conditions?.map(({ type }) => type).toSorted(), ['Ready', 'Watched']);
    const after = await applyStatus(room.api, key, 'Asleep');
    assert.deepEqual(after.status?.conditions?.map(({ type }) => type).toSorted(), ['Asleep', 'Watched']);
    const managers = after.metadata.managedFields?.filter(({ subresource }) => subresource === 'status');
    assert.deepEqual(managers?.map(({ manager }) => manager).toSorted(), ['drowse', 'somebody']);
  });

  contract('a finalizer counts a generation when its object is told to go', async (room) => {
    const key = await aThing(room);
    await room.api.patch(things, key, merge({ metadata: { finalizers: ['drowse.dev/restore'] } }));
    await room.api.delete(things, key);
    const held = await room.api.get(things, key);
    assert.deepEqual([held.metadata.generation, held.metadata.deletionGracePeriodSeconds], [2, 0]);
    await room.api.patch(things, key, merge({ metadata: { finalizers: null } }));
    await fails(room.api.get(things, key), 'NotFound');
  });
}
