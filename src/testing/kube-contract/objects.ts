import assert from 'node:assert/strict';
import { compareResourceVersions } from '../../platforms/kubernetes/client/resource-version.ts';
import { defineResource } from '../../platforms/kubernetes/client/resource.ts';
import { leases, namespaces } from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails } from './environment.ts';

/** Single objects: their lives, and the rules for their metadata. */
export function objectContract(contract: Contract): void {
  contract('what is not there is NotFound', async ({ api, namespace }) => {
    const error = await fails(api.get(leases, { namespace, name: 'nothing' }), 'NotFound');
    assert.equal(error.status, 404);
    assert.equal(error.mayHaveTakenEffect, false);
    await fails(api.delete(leases, { namespace, name: 'nothing' }), 'NotFound');
    const missing = { type: 'merge', body: {} } as const;
    await fails(api.patch(leases, { namespace, name: 'nothing' }, missing), 'NotFound');
    await fails(api.list(defineResource('nobody.example/v1', 'nothings', 'Nothing')), 'NotFound');
  });

  contract('a created object is stamped, and is there once', async ({ api, namespace }) => {
    const labels = { made: 'here' };
    const made = await api.create(leases, { metadata: { namespace, name: 'one', labels } });
    const { uid, resourceVersion, creationTimestamp } = made.metadata;
    assert.match(uid ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
    assert.match(creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
    const read = await api.get(leases, { namespace, name: 'one' });
    assert.deepEqual(read, made);
    assert.deepEqual(read.metadata.labels, labels);
    assert.equal(read.metadata.resourceVersion, resourceVersion);
    await fails(api.create(leases, { metadata: { namespace, name: 'one' } }), 'AlreadyExists');
  });

  contract('names are checked, or made', async ({ api, namespace }) => {
    await fails(api.create(leases, { metadata: { namespace, name: 'Not A Name' } }), 'Invalid');
    await fails(api.create(leases, { metadata: { namespace } }), 'Invalid');
    const made = await api.create(leases, { metadata: { namespace, generateName: 'one-of-many-' } });
    assert.match(made.metadata.name ?? '', /^one-of-many-[a-z0-9]{5}$/u);
    await fails(api.create(leases, { metadata: { namespace: `not-${namespace}`, name: 'one' } }), 'NotFound');
  });

  contract('a dry run answers as if, and leaves nothing', async ({ api, namespace }) => {
    const key = { namespace, name: 'dry' };
    const answered = await api.create(leases, { metadata: key }, { isDryRun: true });
    assert.equal(answered.metadata.name, 'dry');
    await fails(api.get(leases, key), 'NotFound');
    await api.create(leases, { metadata: key });
    await api.delete(leases, key, { isDryRun: true });
    await api.get(leases, key);
  });

  contract('versions of a type are ordered, across objects', async ({ api, namespace }) => {
    const first = await api.create(leases, { metadata: { namespace, name: 'a' } });
    const second = await api.create(leases, { metadata: { namespace, name: 'b' } });
    const [a = '', b = ''] = [first.metadata.resourceVersion, second.metadata.resourceVersion];
    assert.equal(compareResourceVersions(a, b), -1);
  });

  contract('deletion can be made conditional', async ({ api, namespace }) => {
    const key = { namespace, name: 'one' };
    const old = await api.create(leases, { metadata: key });
    const { uid = '', resourceVersion = '' } = old.metadata;
    const patch = { type: 'merge', body: { metadata: { labels: { a: 'b' } } } } as const;
    const changed = await api.patch(leases, key, patch);
    await fails(api.delete(leases, key, { preconditions: { resourceVersion } }), 'Conflict');
    const another = '00000000-0000-4000-8000-000000000000';
    await fails(api.delete(leases, key, { preconditions: { uid: another } }), 'Conflict');
    const now = changed.metadata.resourceVersion ?? '';
    await api.delete(leases, key, { preconditions: { uid, resourceVersion: now } });
    await fails(api.get(leases, key), 'NotFound');
  });

  contract('finalizers hold an object; the last one lets it go', async ({ api, namespace }) => {
    const key = { namespace, name: 'held' };
    const finalizers = ['drowse.dev/one', 'drowse.dev/two'];
    await api.create(leases, { metadata: { ...key, finalizers } });
    await api.delete(leases, key);
    const held = await api.get(leases, key);
    assert.ok(held.metadata.deletionTimestamp !== undefined);
    assert.deepEqual(held.metadata.finalizers, finalizers);
    await api.delete(leases, key);
    assert.deepEqual(await api.get(leases, key), held);
    const keep = (kept: readonly string[]) =>
      ({ type: 'merge', body: { metadata: { finalizers: kept } } }) as const;
    await fails(api.patch(leases, key, keep([...finalizers, 'drowse.dev/three'])), 'Invalid');
    await api.patch(leases, key, keep(['drowse.dev/two']));
    await api.patch(leases, key, keep([]));
    await fails(api.get(leases, key), 'NotFound');
  });

  contract('a cluster-wide object has no namespace', async ({ api, namespace }) => {
    const found = await api.get(namespaces, { name: namespace });
    assert.equal(found.metadata.namespace, undefined);
    assert.equal(found.status?.phase, 'Active');
  });

  contract('raw requests are answered as they are', async ({ api }) => {
    const version = await api.raw('GET', '/version');
    assert.equal(version.status, 200);
    assert.match(version.text, /"gitVersion"/u);
    assert.equal((await api.raw('GET', '/no/such/path')).status, 404);
  });
}
