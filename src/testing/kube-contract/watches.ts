import assert from 'node:assert/strict';
import type { KubeApi, WatchEvent, WatchOptions } from '../../platforms/kubernetes/client/kube-api.ts';
import { compareResourceVersions } from '../../platforms/kubernetes/client/resource-version.ts';
import { type Lease, leases } from '../../platforms/kubernetes/client/resources.ts';
import { WatchCache } from '../../platforms/kubernetes/client/watch/watch-cache.ts';
import { type Contract, eventually, fails, type Room } from './environment.ts';
import { things } from './things.ts';

async function collect(
  api: KubeApi,
  options: Omit<WatchOptions, 'stallMs' | 'timeoutSeconds'>,
  timeoutSeconds = 3,
): Promise<readonly WatchEvent<Lease>[]> {
  const events: WatchEvent<Lease>[] = [];
  const watch = api.watch(leases, { timeoutSeconds, stallMs: 60_000, ...options });
  for await (const event of watch) events.push(event);
  return events;
}

const text = (event: WatchEvent<Lease>): string =>
  event.type === 'bookmark' ? 'bookmark' : `${event.type} ${event.object.metadata.name}`;

const withoutBookmarks = (events: readonly WatchEvent<Lease>[]): readonly string[] =>
  events.filter(({ type }) => type !== 'bookmark').map(text);

const label = (color: string) => ({ type: 'merge', body: { metadata: { labels: { color } } } }) as const;

async function versionNow({ api, namespace }: Room): Promise<string> {
  return (await api.list(leases, { namespace })).resourceVersion;
}

/** Watches, and the cache that lives on them. */
export function watchContract(contract: Contract): void {
  contract('a watch tells what happens after its version, in order', async (room) => {
    const { api, namespace } = room;
    await api.create(leases, { metadata: { namespace, name: 'before' } });
    const resourceVersion = await versionNow(room);
    await api.create(leases, { metadata: { namespace, name: 'a' } });
    const watching = collect(api, { namespace, resourceVersion });
    await api.patch(leases, { namespace, name: 'a' }, label('red'));
    await api.create(leases, { metadata: { namespace, name: 'b' } });
    await api.delete(leases, { namespace, name: 'a' });
    const events = await watching;
    assert.deepEqual(withoutBookmarks(events), ['added a', 'changed a', 'added b', 'removed a']);
    const versions = events.map((event) =>
      event.type === 'bookmark' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? ''),
    );
    for (const [index, version] of versions.entries())
      assert.ok(
        index === 0 || (compareResourceVersions(version, versions[index - 1] ?? '') ?? -1) >= 0,
        'versions never fall',
      );
    assert.equal(
      compareResourceVersions(versions[3] ?? '', versions[2] ?? ''),
      1,
      'an end is a version, too',
    );
  });

  contract('to a selector an object comes and goes with its labels', async (room) => {
    const { api, namespace } = room;
    const key = { namespace, name: 'a' };
    await api.create(leases, { metadata: { ...key, labels: { color: 'blue' } } });
    const watching = collect(api, {
      namespace,
      labelSelector: 'color=red',
      resourceVersion: await versionNow(room),
    });
    for (const color of ['red', 'red', 'blue', 'green', 'red']) await api.patch(leases, key, label(color));
    await api.patch(leases, key, { type: 'merge', body: { metadata: { annotations: { a: 'b' } } } });
    assert.deepEqual(withoutBookmarks(await watching), ['added a', 'removed a', 'added a', 'changed a']);
  });

  contract('a watch of one namespace, or one object, tells of no other', async (room) => {
    const { api, namespace } = room;
    const resourceVersion = await versionNow(room);
    const watching = collect(api, { namespace, fieldSelector: 'metadata.name=a', resourceVersion });
    await api.create(leases, { metadata: { namespace, name: 'b' } });
    await api.create(leases, { metadata: { namespace, name: 'a' } });
    await api.create(leases, { metadata: { namespace: 'default', name: namespace } });
    await api.delete(leases, { namespace: 'default', name: namespace });
    assert.deepEqual(withoutBookmarks(await watching), ['added a']);
  });

  contract('a bookmark tells how far the watch is before it ends', async (room) => {
    const { api, namespace } = room;
    const resourceVersion = await versionNow(room);
    const watching = collect(api, { namespace, resourceVersion }, 6);
    const made = await api.create(leases, { metadata: { namespace, name: 'a' } });
    const bookmark = (await watching).findLast(({ type }) => type === 'bookmark');
    assert.ok(bookmark?.type === 'bookmark');
    const order = compareResourceVersions(bookmark.resourceVersion, made.metadata.resourceVersion ?? '');
    assert.ok(order === 0 || order === 1);
  });

  contract('what is long past cannot be watched', async ({ api, namespace }) => {
    // The API server begins to remember a kind when it comes to know it, which is long after version 1 only for a custom one.
    const watch = api.watch(things, { namespace, resourceVersion: '1', timeoutSeconds: 3, stallMs: 60_000 });
    const error = await fails(watch[Symbol.asyncIterator]().next(), 'Expired');
    assert.equal(error.status, 410);
  });

  contract('the cache follows, and knows when it has seen a write', async ({ api, cluster, namespace }) => {
    const { clock, random } = cluster;
    await api.create(leases, { metadata: { namespace, name: 'a' } });
    const silent = (): void => undefined;
    const logger = { debug: silent, info: silent, warn: silent, error: silent };
    const cache = new WatchCache({ api, resource: leases, selection: { namespace }, clock, random, logger });
    const told: string[] = [];
    cache.subscribe({
      added: ({ metadata }) => told.push(`added ${metadata.name}`),
      changed: ({ metadata }) => told.push(`changed ${metadata.name}`),
      removed: ({ metadata }) => told.push(`removed ${metadata.name}`),
      synced: () => told.push('synced'),
    });
    assert.equal(cache.staleForMs(), Infinity);
    cache.start();
    const sees = async (version: string | undefined): Promise<void> =>
      eventually(cluster, () => Promise.resolve(assert.ok(cache.hasSeen(version ?? ''))));
    const written = await api.patch(leases, { namespace, name: 'a' }, label('red'));
    await sees(written.metadata.resourceVersion);
    assert.deepEqual(cache.get({ namespace, name: 'a' })?.metadata.labels, { color: 'red' });
    const { metadata } = await api.create(leases, { metadata: { namespace, name: 'b' } });
    await sees(metadata.resourceVersion);
    await api.delete(leases, { namespace, name: 'a' });
    await eventually(cluster, () => Promise.resolve(assert.equal(cache.size, 1)));
    assert.ok(cache.staleForMs() < 30_000);
    assert.deepEqual(told.slice(0, 2), ['added a', 'synced']);
    assert.deepEqual(told.slice(-2), ['added b', 'removed a']);
    await cache.stop();
  });
}
