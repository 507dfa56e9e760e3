import assert from 'node:assert/strict';
import type { KubeApi } from '../../platforms/kubernetes/client/kube-api.ts';
import type { KubeObject } from '../../platforms/kubernetes/client/object.ts';
import type { Patch } from '../../platforms/kubernetes/client/patch.ts';
import {
  type EndpointSlice,
  endpointSlices,
  type Lease,
  leases,
} from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails, type Room } from './environment.ts';

const name = 'one';

function applied(labels: Readonly<Record<string, string>>, isForced = false): Patch {
  return appliedMetadata({ labels }, isForced);
}

function appliedMetadata(more: object, isForced = false): Patch {
  const metadata = { name, ...more };
  return {
    type: 'apply',
    object: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata },
    isForced,
  };
}

async function apply(api: KubeApi, { namespace }: Room, patch: Patch): Promise<Lease> {
  return api.patch(leases, { namespace, name }, patch);
}

function ownersOf({ metadata }: KubeObject, field: string): readonly string[] {
  const path = `"f:${field}"`;
  return (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes(path))
    .map(({ manager, operation }) => `${manager} ${operation}`)
    .toSorted();
}

/** Server-side apply, as far as Drowse uses it. */
export function applyContract(contract: Contract): void {
  contract('apply makes what is not there, and writes nothing the second time', async (room) => {
    const made = await apply(room.api, room, applied({ a: '1' }));
    assert.deepEqual(made.metadata.labels, { a: '1' });
    assert.deepEqual(ownersOf(made, 'a'), ['drowse Apply']);
    assert.deepEqual(await apply(room.api, room, applied({ a: '1' })), made);
  });

  contract('what is applied no more goes, unless somebody else wants it', async (room) => {
    await apply(room.api, room, applied({ a: '1', b: '2', c: '3' }));
    const shared = await apply(room.other, room, applied({ b: '2' }));
    assert.deepEqual(ownersOf(shared, 'b'), ['drowse Apply', 'somebody Apply']);
    const after = await apply(room.api, room, applied({ a: '1' }));
    assert.deepEqual(after.metadata.labels, { a: '1', b: '2' });
    assert.deepEqual(ownersOf(after, 'b'), ['somebody Apply']);
  });

  contract('a field of somebody else is a conflict, unless it is taken by force', async (room) => {
    await apply(room.other, room, applied({ a: 'theirs' }));
    const error = await fails(apply(room.api, room, applied({ a: 'ours' })), 'Conflict');
    assert.ok(error.causes.some(({ reason }) => reason === 'FieldManagerConflict'));
    const same = await apply(room.api, room, applied({ a: 'theirs' }));
    assert.deepEqual(ownersOf(same, 'a'), ['drowse Apply', 'somebody Apply']);
    const taken = await apply(room.api, room, applied({ a: 'ours' }, true));
    assert.equal(taken.metadata.labels?.['a'], 'ours');
    assert.deepEqual(ownersOf(taken, 'a'), ['drowse Apply']);
  });

  contract('other writes own what they change, too', async (room) => {
    const { api, other, namespace } = room;
    await apply(api, room, applied({ a: '1', b: '2' }));
    const body = { metadata: { labels: { a: 'edited', c: 'new' } } };
    const edited = await other.patch(leases, { namespace, name }, { type: 'merge', body });
    assert.deepEqual(ownersOf(edited, 'a'), ['somebody Update']);
    assert.deepEqual(ownersOf(edited, 'b'), ['drowse Apply']);
    await fails(apply(api, room, applied({ a: '1', b: '2' })), 'Conflict');
    const given = await apply(api, room, applied({ b: '2' }));
    assert.deepEqual(given.metadata.labels, { a: 'edited', b: '2', c: 'new' });
  });

  contract('finalizers are a set of which each manager owns its own', async (room) => {
    const ours = { finalizers: ['drowse.dev/ours'] };
    await apply(room.api, room, appliedMetadata(ours));
    const both = await apply(room.other, room, appliedMetadata({ finalizers: ['drowse.dev/theirs'] }));
    assert.deepEqual(both.metadata.finalizers?.toSorted(), ['drowse.dev/ours', 'drowse.dev/theirs']);
    const after = await apply(room.api, room, appliedMetadata({}));
    assert.deepEqual(after.metadata.finalizers, ['drowse.dev/theirs']);
    await apply(room.other, room, appliedMetadata({}));
  });

  contract('an empty map is kept by nobody, but owned by who applied it', async (room) => {
    const made = await apply(room.api, room, applied({}));
    assert.equal(made.metadata.labels, undefined);
    assert.deepEqual(await apply(room.api, room, applied({})), made);
    await fails(apply(room.other, room, applied({})), 'Conflict');
  });

  contract('the endpoints of a slice are one value', async ({ api, namespace }) => {
    const slice = (...addresses: readonly string[]): Patch => {
      const object: EndpointSlice = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name },
        addressType: 'IPv4',
        endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
        ports: [{ name: 'web', port: 80, protocol: 'TCP' }],
      };
      return { type: 'apply', object, isForced: true };
    };
    const key = { namespace, name };
    await api.patch(endpointSlices, key, slice('10.0.0.1', '10.0.0.2'));
    const after = await api.patch(endpointSlices, key, slice('10.0.0.3'));
    assert.deepEqual(
      after.endpoints?.map(({ addresses }) => addresses),
      [['10.0.0.3']],
    );
    assert.equal(after.metadata.generation, 2);
  });

  contract('apply wants no managed fields, and a known UID', async (room) => {
    await fails(apply(room.api, room, appliedMetadata({ managedFields: [{ manager: 'x' }] })), 'BadRequest');
    const uid = '00000000-0000-4000-8000-000000000000';
    await fails(apply(room.api, room, appliedMetadata({ uid })), 'Conflict');
  });
}
