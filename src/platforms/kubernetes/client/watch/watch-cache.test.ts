import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeWorld } from '../../../../testing/kube/kube-world.ts';
import type { KubeApi } from '../kube-api.ts';
import type { KubeRequest } from '../transport.ts';
import { type Lease, leases, namespaces } from '../resources.ts';
import type { CacheHandlers } from './cached-objects.ts';
import { WatchCache } from './watch-cache.ts';

const key = (name: string): { namespace: string; name: string } => ({ namespace: 'shop', name });
const touch = (text: string) => ({ type: 'merge', body: { metadata: { labels: { text } } } }) as const;

async function begin(leasesThere: number): Promise<{
  world: KubeWorld;
  cache: WatchCache<Lease>;
  told: string[];
  requests: { atMs: number; query: URLSearchParams }[];
}> {
  const world = new KubeWorld(7);
  const api = world.client();
  await world.settle(api.create(namespaces, { metadata: { name: 'shop' } }));
  for (let index = 0; index < leasesThere; index += 1)
    await world.settle(api.create(leases, { metadata: key(`lease-${index}`) }));
  const { clock, random, logger } = world;
  const cache = new WatchCache({ api, resource: leases, clock, random: random.fork(), logger });
  const told: string[] = [];
  cache.subscribe(teller(told));
  const requests: { atMs: number; query: URLSearchParams }[] = [];
  world.faults.call = ({ path, method }: KubeRequest) => {
    if (method === 'GET')
      requests.push({ atMs: clock.monoMs(), query: new URL(path, 'http://x.invalid').searchParams });
    return null;
  };
  return { world, cache, told, requests };
}

function teller(told: string[]): CacheHandlers<Lease> {
  return {
    added: ({ metadata }) => told.push(`added ${metadata.name}`),
    changed: ({ metadata }) => told.push(`changed ${metadata.name}`),
    removed: ({ metadata }) => told.push(`removed ${metadata.name}`),
    synced: () => told.push('synced'),
  };
}

test('nothing is known before the first list; unknown is not fresh', async () => {
  const { world, cache, told } = await begin(1);
  world.faults.call = () => ({ kind: 'unreachable' });
  cache.start();
  await world.run(60_000);
  assert.deepEqual([cache.isSynced, cache.size, cache.resourceVersion], [false, 0, null]);
  assert.equal(cache.staleForMs(), Infinity);
  assert.equal(cache.hasSeen('1'), false);
  assert.deepEqual(told, []);
  world.faults.heal();
  await world.run(30_000);
  assert.deepEqual(told, ['added lease-0', 'synced']);
  assert.ok(cache.staleForMs() <= 30_000);
});

test('age grows while the API server is away, and what is cached stays', async () => {
  const { world, cache } = await begin(2);
  cache.start();
  await world.run(1_000);
  for (const watch of world.kube.watches) watch.cut(false);
  world.faults.call = () => ({ kind: 'unreachable' });
  await world.run(600_000);
  assert.equal(cache.size, 2);
  assert.ok(cache.staleForMs() >= 600_000);
});

test('lists come in pages of 500; watches last 300 to 600 seconds, each another time', async () => {
  const { world, cache, told, requests } = await begin(1_203);
  cache.start();
  await world.run(3_600_000);
  const lists = requests.filter(({ query }) => !query.has('watch'));
  assert.deepEqual(
    lists.map(({ query }) => [query.get('limit'), query.has('continue')]),
    [
      ['500', false],
      ['500', true],
      ['500', true],
    ],
  );
  assert.equal(told.length, 1_204);
  const watches = requests.filter(({ query }) => query.has('watch'));
  const seconds = watches.map(({ query }) => Number(query.get('timeoutSeconds')));
  assert.ok(seconds.length >= 6 && seconds.length <= 12);
  assert.ok(seconds.every((one) => Number.isInteger(one) && one >= 300 && one <= 600));
  assert.ok(new Set(seconds).size > 3, seconds.join(' '));
  assert.ok(watches.every(({ query }) => query.get('allowWatchBookmarks') === 'true'));
});

test('pages whose snapshot is compacted away are read again from the first', async () => {
  const { world, cache, told } = await begin(700);
  const { call } = world.faults;
  world.faults.call = (request) => {
    if (request.path.includes('continue=')) {
      world.faults.call = call;
      world.kube.objects.end('coordination.k8s.io/leases/shop/lease-0');
      world.kube.compact(0);
    }
    return call(request);
  };
  cache.start();
  await world.run(5_000);
  assert.equal(cache.size, 699);
  assert.equal(cache.get(key('lease-0')), undefined);
  assert.equal(told.at(-1), 'synced');
});

test('snapshots that never live long enough: everything at once', async () => {
  const { world, cache, requests } = await begin(600);
  const { call } = world.faults;
  world.faults.call = (request) => {
    if (request.path.includes('continue=')) {
      void world.client('writer').patch(leases, key('lease-0'), touch(String(requests.length)));
      world.kube.objects.end('nothing/at/all');
      world.kube.compact(0);
    }
    return call(request);
  };
  cache.start();
  await world.run(5_000);
  assert.equal(cache.size, 600);
  const lists = requests.filter(({ query }) => !query.has('watch') && !query.has('continue'));
  assert.deepEqual(
    lists.map(({ query }) => query.get('limit')),
    ['500', '500', null],
  );
});

test('after 410 everything is listed again, and only the differences are told', async () => {
  const { world, cache, told, requests } = await begin(4);
  cache.start();
  await world.run(1_000);
  const away = told.length;
  for (const watch of world.kube.watches) watch.stall();
  const api = world.client('writer');
  await world.settle(api.patch(leases, key('lease-0'), touch('a')));
  await world.settle(api.delete(leases, key('lease-1')));
  await world.settle(api.delete(leases, key('lease-2')));
  await world.settle(api.create(leases, { metadata: key('lease-2') }));
  world.kube.compact(0);
  requests.length = 0;
  await world.run(95_000);
  assert.deepEqual(told.slice(away).toSorted(), [
    'added lease-2',
    'changed lease-0',
    'removed lease-1',
    'removed lease-2',
    'synced',
  ]);
  assert.deepEqual(
    requests.map(({ query }) => query.has('watch')),
    [true, false, true],
  );
});

test('a stalled watch is given up after 90 seconds, and goes on where it was', async () => {
  const { world, cache, told, requests } = await begin(1);
  cache.start();
  await world.run(1_000);
  const version = cache.resourceVersion;
  for (const watch of world.kube.watches) watch.stall();
  const written = await world.settle(world.client('writer').patch(leases, key('lease-0'), touch('a')));
  requests.length = 0;
  await world.run(88_000);
  assert.equal(cache.hasSeen(written.metadata.resourceVersion ?? ''), false);
  await world.run(2_000);
  assert.equal(cache.hasSeen(written.metadata.resourceVersion ?? ''), true);
  assert.equal(told.at(-1), 'changed lease-0');
  assert.equal(requests[0]?.query.get('resourceVersion'), version);
});

test('attempts spread: exponentially, with full jitter, and never before Retry-After', async () => {
  const { world, cache, requests } = await begin(0);
  const { call } = world.faults;
  world.faults.call = (request) => {
    call(request);
    return { kind: 'unreachable' };
  };
  cache.start();
  await world.run(600_000);
  const pauses = requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0));
  assert.ok(pauses.every((pause, index) => pause <= Math.min(30_000, 100 * 2 ** index)));
  assert.ok(Math.max(...pauses) > 10_000, 'it backs off');
  assert.ok(new Set(pauses.map(Math.round)).size > pauses.length / 2, 'no two clients in step');
  world.faults.call = (request) => {
    call(request);
    return { kind: 'answer', status: 503, hasEffect: false, retryAfterSeconds: 60 };
  };
  await world.run(60_000);
  requests.length = 0;
  await world.run(600_000);
  const asked = requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0));
  assert.ok(asked.length >= 5 && asked.every((pause) => pause >= 60_000), asked.join(' '));
});

test('a handler that throws is logged, and costs the others nothing', async () => {
  const { world, cache } = await begin(2);
  cache.subscribe({
    added: () => {
      throw new Error('mine');
    },
  });
  const after: string[] = [];
  const leave = cache.subscribe(teller(after));
  cache.start();
  await world.run(1_000);
  assert.deepEqual(after, ['added lease-0', 'added lease-1', 'synced']);
  assert.equal(world.logged.filter(({ level }) => level === 'error').length, 2);
  leave();
  await world.settle(world.client('writer').delete(leases, key('lease-0')));
  await world.run(1_000);
  assert.equal(after.length, 3);
  const late: string[] = [];
  cache.subscribe(teller(late));
  assert.deepEqual(late, ['added lease-1', 'synced']);
});

test('who subscribes in mid-telling is told each thing once', async () => {
  const { world, cache } = await begin(2);
  const late: string[] = [];
  let isLate = false;
  cache.subscribe({
    added: () => {
      if (!isLate) cache.subscribe(teller(late));
      isLate = true;
    },
  });
  cache.start();
  await world.run(1_000);
  assert.deepEqual(late.toSorted(), ['added lease-0', 'added lease-1', 'synced']);
});

test('trouble is logged once for each kind, and its end is logged', async () => {
  const { world, cache } = await begin(1);
  cache.start();
  await world.run(1_000);
  for (const watch of world.kube.watches) watch.cut(true);
  await world.run(10_000);
  assert.equal(world.logged.length, 0, 'a cut watch is part of life');
  for (const watch of world.kube.watches) watch.cut(true);
  world.faults.call = () => ({ kind: 'unreachable' });
  await world.run(300_000);
  assert.deepEqual(
    world.logged.map(({ level, fields }) => [level, 'code' in fields ? fields.code : null]),
    [['warn', 'Unreachable']],
  );
  world.faults.heal();
  await world.run(120_000);
  assert.equal(world.logged.at(-1)?.level, 'info');
  assert.equal(world.logged.length, 2);
});

test('objects are kept without managedFields', async () => {
  const { world, cache } = await begin(1);
  cache.start();
  await world.settle(world.client('writer').patch(leases, key('lease-0'), touch('a')));
  await world.run(1_000);
  const lease = cache.get(key('lease-0'));
  assert.deepEqual([lease?.metadata.labels?.['text'], lease?.metadata.managedFields], ['a', undefined]);
});

test('a stopped cache is silent, and leaves nothing running', async () => {
  const { world, cache, told } = await begin(1);
  cache.start();
  await world.run(1_000);
  await world.settle(cache.stop());
  const count = told.length;
  assert.equal(world.kube.watches.size, 0);
  await world.settle(world.client('writer').delete(leases, key('lease-0')));
  await world.run(100_000);
  assert.equal(told.length, count);
});

test('a bookmark moves the place to go on from: nothing is listed again because others were busy', async () => {
  const { world, cache, requests } = await begin(1);
  cache.start();
  await world.run(1_000);
  const busy = world.client('writer');
  for (let index = 0; index < 5; index += 1)
    await world.settle(busy.create(namespaces, { metadata: { name: `other-${index}` } }));
  await world.run(61_000);
  world.kube.compact(0);
  requests.length = 0;
  for (const watch of world.kube.watches) watch.cut(false);
  await world.run(5_000);
  assert.deepEqual(
    requests.map(({ query }) => query.has('watch')),
    [true],
  );
});

test('a stream that goes back in time is not believed: everything is listed again', async () => {
  const { world } = await begin(1);
  const api = world.client();
  const old = await world.settle(api.get(leases, key('lease-0')));
  await world.settle(api.patch(leases, key('lease-0'), touch('new')));
  let lists = 0;
  const lying: Pick<KubeApi, 'list' | 'watch'> = {
    list: async (resource, options) => {
      lists += 1;
      return api.list(resource, options);
    },
    async *watch(resource, options) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is asked for leases
      if (lists === 1) yield { type: 'changed', object: old as never };
      else yield* api.watch(resource, options);
    },
  };
  const { clock, random, logger } = world;
  const cache = new WatchCache({ api: lying, resource: leases, clock, random: random.fork(), logger });
  cache.start();
  await world.run(5_000);
  assert.equal(lists, 2);
  assert.equal(cache.get(key('lease-0'))?.metadata.labels?.['text'], 'new');
});

test('a good watch ends the back-off', async () => {
  const { world, cache, requests } = await begin(1);
  const { call } = world.faults;
  cache.start();
  await world.run(1_000);
  for (const watch of world.kube.watches) watch.cut(false);
  world.faults.call = () => ({ kind: 'unreachable' });
  await world.run(600_000);
  world.faults.call = call;
  await world.run(60_000);
  requests.length = 0;
  const cutAtMs = world.clock.monoMs();
  for (const watch of world.kube.watches) watch.cut(false);
  await world.run(1_000);
  assert.ok((requests[0]?.atMs ?? Infinity) - cutAtMs <= 100);
});

test('watches that end as soon as they begin are no reason to hurry', async () => {
  const { world, cache, requests } = await begin(1);
  const { call } = world.faults;
  world.faults.call = (request) => {
    world.clock.after(1, () => {
      for (const watch of world.kube.watches) watch.finish();
    });
    return call(request);
  };
  cache.start();
  await world.run(300_000);
  assert.ok(requests.length > 5 && requests.length < 60, `${requests.length} requests in five minutes`);
});
