import assert from 'node:assert/strict';
import type { ObjectKey } from '../../platforms/kubernetes/client/object.ts';
import type { JsonPatchOperation, Patch } from '../../platforms/kubernetes/client/patch.ts';
import { compareResourceVersions } from '../../platforms/kubernetes/client/resource-version.ts';
import { endpointSlices, leases } from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails, type Room } from './environment.ts';

const merge = (body: object): Patch => ({ type: 'merge', body });
const json = (...operations: readonly JsonPatchOperation[]): Patch => ({ type: 'json', operations });

async function aLease({ api, namespace }: Room): Promise<ObjectKey & { readonly namespace: string }> {
  const key = { namespace, name: 'one' };
  await api.create(leases, { metadata: { ...key, labels: { a: '1', b: '2' } } });
  return key;
}

/** Changes of objects by patch. */
export function patchContract(contract: Contract): void {
  contract('a merge patch changes what it names; null removes', async (room) => {
    const { api } = room;
    const key = await aLease(room);
    const before = await api.get(leases, key);
    const after = await api.patch(leases, key, merge({ metadata: { labels: { a: null, c: '3' } } }));
    assert.deepEqual(after.metadata.labels, { b: '2', c: '3' });
    assert.equal(after.metadata.uid, before.metadata.uid);
    const [older = '', newer = ''] = [before.metadata.resourceVersion, after.metadata.resourceVersion];
    assert.equal(compareResourceVersions(newer, older), 1);
  });

  contract('a patch that changes nothing writes nothing', async (room) => {
    const { api } = room;
    const key = await aLease(room);
    const before = await api.get(leases, key);
    const after = await api.patch(leases, key, merge({ metadata: { labels: { a: '1' } } }));
    assert.deepEqual(after, before);
  });

  contract('with a resourceVersion a patch is conditional', async (room) => {
    const { api } = room;
    const key = await aLease(room);
    const old = await api.get(leases, key);
    const changed = await api.patch(leases, key, merge({ metadata: { labels: { a: 'changed' } } }));
    const { resourceVersion, uid } = old.metadata;
    const error = await fails(
      api.patch(leases, key, merge({ metadata: { resourceVersion, labels: { a: 'again' } } })),
      'Conflict',
    );
    assert.equal(error.status, 409);
    assert.equal(error.mayHaveTakenEffect, false);
    assert.deepEqual(await api.get(leases, key), changed);
    const now = changed.metadata.resourceVersion;
    const labels = { a: 'again' };
    const done = await api.patch(leases, key, merge({ metadata: { resourceVersion: now, uid, labels } }));
    assert.equal(done.metadata.labels?.['a'], 'again');
    const another = '00000000-0000-4000-8000-000000000000';
    await fails(api.patch(leases, key, merge({ metadata: { uid: another } })), 'Invalid');
  });

  contract('a JSON patch does all of its operations, or none', async (room) => {
    const { api } = room;
    const key = await aLease(room);
    const after = await api.patch(
      leases,
      key,
      json(
        { op: 'test', path: '/metadata/labels/a', value: '1' },
        { op: 'replace', path: '/metadata/labels/a', value: 'one' },
        { op: 'remove', path: '/metadata/labels/b' },
        { op: 'add', path: '/metadata/labels/with~1slash', value: 'c' },
        { op: 'copy', from: '/metadata/labels/a', path: '/metadata/labels/copied' },
        { op: 'move', from: '/metadata/labels/copied', path: '/metadata/labels/moved' },
      ),
    );
    assert.deepEqual(after.metadata.labels, { a: 'one', 'with/slash': 'c', moved: 'one' });
    const refused = json(
      { op: 'remove', path: '/metadata/labels/a' },
      { op: 'test', path: '/metadata/labels/moved', value: 'not this' },
    );
    await fails(api.patch(leases, key, refused), 'Invalid');
    await fails(api.patch(leases, key, json({ op: 'remove', path: '/metadata/labels/none' })), 'Invalid');
    assert.deepEqual(await api.get(leases, key), after);
  });

  contract('name, UID and the rest of what the server stamps cannot be changed', async (room) => {
    const { api } = room;
    const key = await aLease(room);
    const before = await api.get(leases, key);
    await fails(api.patch(leases, key, merge({ metadata: { name: 'two' } })), 'BadRequest');
    const deletionTimestamp = '2020-01-01T00:00:00Z';
    await fails(api.patch(leases, key, merge({ metadata: { deletionTimestamp } })), 'Invalid');
    const creationTimestamp = '2020-01-01T00:00:00Z';
    assert.deepEqual(await api.patch(leases, key, merge({ metadata: { creationTimestamp } })), before);
  });

  contract('a slice counts generations: contents and labels, not annotations', async ({ api, namespace }) => {
    const key = { namespace, name: 'slice' };
    const made = await api.create(endpointSlices, {
      metadata: key,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
      ports: [{ port: 80 }],
    });
    assert.equal(made.metadata.generation, 1);
    assert.deepEqual(made.ports, [{ name: '', protocol: 'TCP', port: 80 }]);
    const generationAfter = async (patch: Patch): Promise<number | undefined> =>
      (await api.patch(endpointSlices, key, patch)).metadata.generation;
    assert.equal(await generationAfter(merge({ metadata: { annotations: { a: 'b' } } })), 1);
    assert.equal(await generationAfter(merge({ metadata: { labels: { a: 'b' } } })), 2);
    assert.equal(await generationAfter(merge({ endpoints: [{ addresses: ['10.0.0.2'] }] })), 3);
    const { endpoints } = await api.get(endpointSlices, key);
    assert.deepEqual(
      endpoints?.map(({ addresses }) => addresses),
      [['10.0.0.2']],
    );
  });
}
