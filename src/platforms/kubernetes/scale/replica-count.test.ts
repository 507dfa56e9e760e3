import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { KubeError } from '../client/errors.ts';
import { deployments, namespaces } from '../client/resources.ts';
import { replicasOf, scaleOf } from '../client/scale.ts';
import { type Counted, ReplicaCount } from './replica-count.ts';

const key = { namespace: 'shop', name: 'web' };

class Room {
  readonly world: KubeWorld;
  /** What a watch is taken to have seen. */
  seen: Counted | null = null;
  writes = 0;

  private constructor(world: KubeWorld) {
    this.world = world;
    world.faults.call = ({ method, path }) => {
      if (method === 'PATCH' && path.includes('/scale')) this.writes += 1;
      return null;
    };
  }

  static async at(replicas: number, seed = 1): Promise<Room> {
    const world = new KubeWorld(seed);
    const api = world.client();
    await world.settle(api.create(namespaces, { metadata: { name: 'shop' } }));
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
    const spec = { replicas, selector: { matchLabels: labels }, template };
    await world.settle(api.create(deployments, { metadata: key, spec }));
    const room = new Room(world);
    room.seen = await room.read();
    return room;
  }

  count(): ReplicaCount {
    return new ReplicaCount({ api: this.world.client(), resource: deployments, key, peek: () => this.seen });
  }

  async read(): Promise<Counted> {
    const scale = await this.world.settle(this.world.client('reader').get(scaleOf(deployments), key));
    return { replicas: replicasOf(scale), resourceVersion: scale.metadata.resourceVersion ?? '' };
  }

  async human(replicas: number): Promise<void> {
    const patch = { type: 'merge', body: { spec: { replicas } } } as const;
    const before = this.writes;
    await this.world.settle(this.world.client('human').patch(scaleOf(deployments), key, patch));
    this.writes = before;
  }
}

describe('a wake', () => {
  test('is one write, without a read before it', async () => {
    const room = await Room.at(0);
    const methods: string[] = [];
    room.world.faults.call = ({ method }) => {
      methods.push(method);
      return null;
    };
    assert.deepEqual(await room.world.settle(room.count().raise(2)), { from: 0, to: 2 });
    assert.deepEqual(methods, ['PATCH']);
    assert.equal((await room.read()).replicas, 2);
  });

  test('of thousands is one write', async () => {
    const room = await Room.at(0);
    const count = room.count();
    const all = Array.from({ length: 10_000 }, async () => count.raise(1));
    await room.world.settle(Promise.all(all));
    assert.equal(room.writes, 1);
  });

  test('by two activators leaves the larger count, and each sees that it is done', async () => {
    const room = await Room.at(0);
    room.world.faults.latencyMs = () => room.world.random.below(20);
    const [one, other] = [room.count(), room.count()];
    const both = await room.world.settle(Promise.all([one.raise(1), other.raise(3)]));
    assert.equal((await room.read()).replicas, 3);
    assert.ok(both.every(({ to }, index) => to >= (index === 0 ? 1 : 3)));
  });

  test('never lowers what somebody has scaled further', async () => {
    const room = await Room.at(0);
    await room.human(5);
    assert.deepEqual(await room.world.settle(room.count().raise(2)), { from: 5, to: 5 });
    assert.equal((await room.read()).replicas, 5);
  });

  test('does not rely on an old view of an app that has gone to sleep since', async () => {
    const room = await Room.at(1);
    await room.human(0);
    await room.world.settle(room.count().raise(1));
    assert.equal((await room.read()).replicas, 1);
  });

  test('knows its own last write before the watch tells of it', async () => {
    const room = await Room.at(0);
    const count = room.count();
    await room.world.settle(count.raise(1));
    await room.world.settle(count.raise(2));
    assert.deepEqual([room.writes, (await room.read()).replicas], [2, 2]);
  });

  test('that asks for more waits for the one under way', async () => {
    const room = await Room.at(0);
    room.world.faults.latencyMs = () => 10;
    const count = room.count();
    const raised = await room.world.settle(Promise.all([count.raise(1), count.raise(4), count.raise(2)]));
    assert.deepEqual(
      raised.map(({ to }) => to),
      [1, 4, 4],
    );
    assert.equal((await room.read()).replicas, 4);
  });

  test('that the API server refuses is refused, and can be asked for again', async () => {
    const room = await Room.at(0);
    const count = room.count();
    room.world.faults.next({ kind: 'answer', status: 503, hasEffect: false });
    await assert.rejects(room.world.settle(count.raise(1)), KubeError);
    await room.world.settle(count.raise(1));
    assert.equal((await room.read()).replicas, 1);
  });
});

describe('sleep', () => {
  test('is a write over what was looked at', async () => {
    const room = await Room.at(2);
    assert.deepEqual(await room.world.settle(room.count().lower(2, 0)), { kind: 'lowered' });
    assert.equal((await room.read()).replicas, 0);
  });

  test('leaves alone what somebody else has written', async () => {
    const room = await Room.at(2);
    await room.human(3);
    assert.deepEqual(await room.world.settle(room.count().lower(2, 0)), { kind: 'changed', replicas: 3 });
    assert.equal((await room.read()).replicas, 3);
  });
});

test('whoever writes when, nobody who was woken for is put to sleep by a count from before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.nat(60), fc.nat(60), async (seed, sleepAt, wakeAt) => {
      const room = await Room.at(1, seed);
      room.world.faults.latencyMs = () => room.world.random.below(30);
      const { clock } = room.world;
      const later = async (delayMs: number): Promise<void> =>
        new Promise((resolve) => void clock.after(delayMs, resolve));
      const slept = later(sleepAt).then(async () => room.count().lower(1, 0));
      const woken = later(wakeAt).then(async () => room.count().raise(2));
      const [lowered] = await room.world.settle(Promise.all([slept, woken]));
      const { replicas } = await room.read();
      // Whichever is first, the other sees that it is not as it was.
      assert.equal(replicas, 2, JSON.stringify(lowered));
    }),
    { numRuns: 200 },
  );
});
