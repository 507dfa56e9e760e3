import assert from 'node:assert/strict';
import type { KubeObject } from '../../platforms/kubernetes/client/object.ts';
import type { Patch } from '../../platforms/kubernetes/client/patch.ts';
import { statusOf } from '../../platforms/kubernetes/client/resource.ts';
import { leases } from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails, type Room } from './environment.ts';
import { type Thing, things } from './things.ts';

const name = 'one';

function applied(apiVersion: string, kind: string, body: Partial<Thing>, isForced: boolean): Patch {
  const object = { apiVersion, kind, ...body, metadata: { name, ...body.metadata } };
  return { type: 'apply', object, isForced };
}

async function applyLease({ api, namespace }: Room, labels: object, isForced = false): Promise<KubeObject> {
  const patch = applied('coordination.k8s.io/v1', 'Lease', { metadata: { ...labels } }, isForced);
  return api.patch(leases, { namespace, name }, patch);
}

async function applyThing(
  { api, namespace }: Room,
  body: Partial<Thing>,
  isForced = false,
  resource = things,
): Promise<Thing> {
  return api.patch(resource, { namespace, name }, applied('contract.drowse.dev/v1', 'Thing', body, isForced));
}

const labelled = (value: string) => ({ metadata: { labels: { a: value } } });

/** Somebody makes the thing, and with it its maps; what is in them is then Drowse's. */
async function takenOver(room: Room): Promise<void> {
  const metadata = { namespace: room.namespace, name, labels: { a: 'theirs' } };
  await room.other.create(things, { metadata, spec: { size: 1 } });
  await applyThing(room, { ...labelled('ours'), spec: { size: 2 } }, true);
}

const merge = (body: object): Patch => ({ type: 'merge', body });

/** Who owns the maps themselves. Whoever makes one without apply does, for as long as it is there or nobody else makes it anew. */
export function ownershipContract(contract: Contract): void {
  contract('a map that an apply has emptied is still that of who made it', async (room) => {
    const { namespace } = room;
    await room.other.create(leases, { metadata: { namespace, name, labels: { a: 'theirs' } } });
    await applyLease(room, { labels: { a: 'ours' } }, true);
    const emptied = await applyLease(room, {});
    assert.equal(emptied.metadata.labels, undefined);
    const error = await fails(applyLease(room, { labels: { b: 'ours' } }), 'Conflict');
    assert.ok(error.causes.some(({ reason }) => reason === 'FieldManagerConflict'));
    const forced = await applyLease(room, { labels: { b: 'ours' } }, true);
    assert.deepEqual(forced.metadata.labels, { b: 'ours' });
  });

  contract('a map that a plain write has emptied is nobody’s', async (room) => {
    const { other, namespace } = room;
    await other.create(leases, { metadata: { namespace, name, labels: { a: 'theirs' } } });
    await other.patch(leases, { namespace, name }, merge({ metadata: { labels: { a: null } } }));
    const after = await applyLease(room, { labels: { a: 'ours' } });
    assert.deepEqual(after.metadata.labels, { a: 'ours' });
  });

  contract('of a custom resource an apply cannot empty the spec that somebody made', async (room) => {
    await takenOver(room);
    await fails(applyThing(room, labelled('ours')), 'Invalid');
    const kept = await room.api.get(things, { namespace: room.namespace, name });
    assert.equal(kept.spec.size, 2);
  });

  contract(
    'of a custom resource the first write after such an apply is always a new version',
    async (room) => {
      await takenOver(room);
      const key = { namespace: room.namespace, name };
      const emptied = await applyThing(room, { spec: { size: 2 } });
      assert.equal(emptied.metadata.labels, undefined);
      const first = await room.other.patch(things, key, merge({}));
      assert.notEqual(first.metadata.resourceVersion, emptied.metadata.resourceVersion);
      const second = await room.other.patch(things, key, merge({}));
      assert.deepEqual(second, first);
    },
  );

  contract(
    'of a custom resource an apply that empties a map and ends the object shows null',
    async (room) => {
      const { api, other, namespace } = room;
      const held = { labels: { a: 'ours' }, finalizers: ['drowse.dev/a'] };
      await takenOver(room);
      await applyThing(room, { metadata: held, spec: { size: 2 } });
      await other.delete(things, { namespace, name });
      const ended = await applyThing(room, { spec: { size: 2 } });
      assert.equal(ended.metadata.labels, null);
      await fails(api.get(things, { namespace, name }), 'NotFound');
    },
  );

  contract('an applied status owns nothing else, and conflicts over nothing else', async (room) => {
    await takenOver(room);
    const conditions = [{ type: 'Ready', status: 'True' as const }];
    const body = { ...labelled('other'), spec: { size: 3 }, status: { conditions } };
    const status = await applyThing(room, body, false, statusOf(things));
    assert.deepEqual([status.metadata.labels, status.spec.size], [{ a: 'ours' }, 2]);
    assert.equal(status.status?.conditions?.[0]?.type, 'Ready');
    const entry = status.metadata.managedFields?.find(({ subresource }) => subresource === 'status');
    assert.deepEqual(Object.keys(entry?.fieldsV1 ?? {}), ['f:status']);
  });

  contract('of what is going a conflict is said before a new finalizer is refused', async (room) => {
    const metadata = {
      namespace: room.namespace,
      name,
      labels: { a: 'theirs' },
      finalizers: ['drowse.dev/a'],
    };
    await room.other.create(things, { metadata, spec: { size: 1 } });
    await room.other.delete(things, { namespace: room.namespace, name });
    const body = { metadata: { labels: { a: 'ours' }, finalizers: ['drowse.dev/b'] } };
    await fails(applyThing(room, body), 'Conflict');
    await fails(applyThing(room, body, true), 'Invalid');
    await room.other.patch(
      things,
      { namespace: room.namespace, name },
      merge({ metadata: { finalizers: null } }),
    );
  });
}
