import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { endpointSlices, namespaces } from '../client/resources.ts';
import type { CanaryNet } from './canary-net.ts';
import { moveCanary } from './canary-slice.ts';
import { NodeBarrier } from './node-barrier.ts';
import { NodeCanaryNet } from './node-canary-net.ts';

const service = { namespace: 'drowse', name: 'drowse-canary' };

/** A network in which each node leads to the port that it has applied. */
class ModelNet implements CanaryNet {
  readonly places = new Map<number, number>();
  readonly applied = new Map<string, number>();
  dials = 0;
  private readonly clock: KubeWorld['clock'];

  constructor(clock: KubeWorld['clock']) {
    this.clock = clock;
  }

  async open(generation: number): Promise<number> {
    this.places.set(40_000 + generation, generation);
    return Promise.resolve(40_000 + generation);
  }

  closeBefore(generation: number): void {
    for (const [port, each] of this.places) if (each < generation) this.places.delete(port);
  }

  async dial(host: string): Promise<number | null> {
    this.dials += 1;
    await new Promise<void>((resolve) => void this.clock.after(1, resolve));
    return this.places.get(this.applied.get(host) ?? 0) ?? null;
  }

  stop(): void {
    this.places.clear();
  }
}

class Room {
  readonly world = new KubeWorld(1);
  readonly net = new ModelNet(this.world.clock);
  /** How long each node takes. */
  lagMs = new Map([
    ['a', 300],
    ['b', 1_000],
  ]);
  readonly barrier: NodeBarrier;

  private constructor() {
    const { clock, logger } = this.world;
    const api = this.world.client();
    this.barrier = new NodeBarrier({
      clock,
      logger,
      net: this.net,
      config: { timeoutMs: 5_000, reassertMs: 1_000 },
      move: async (port) => {
        await moveCanary(api, service, { address: '10.0.0.7', port });
        for (const [node, lagMs] of this.lagMs)
          clock.after(lagMs, () => void this.net.applied.set(node, port));
      },
      doorOf: (node) => ({ host: node, port: 30_000 }),
    });
    this.barrier.nodes(['a', 'b']);
  }

  static async open(): Promise<Room> {
    const room = new Room();
    await room.world.settle(room.world.client().create(namespaces, { metadata: { name: 'drowse' } }));
    return room;
  }

  async pass(): Promise<readonly [number, readonly string[]]> {
    const fromMs = this.world.clock.monoMs();
    const unseen = await this.world.settle(this.barrier.pass());
    return [this.world.clock.monoMs() - fromMs, unseen];
  }
}

describe('asking nodes', () => {
  test('takes as long as the slowest of them', async () => {
    const room = await Room.open();
    const [tookMs, unseen] = await room.pass();
    assert.deepEqual(unseen, []);
    assert.ok(tookMs >= 1_000 && tookMs < 1_200, `${tookMs} ms`);
    const [again] = await room.pass();
    assert.ok(again >= 1_000 && again < 1_200, `${again} ms`);
    const slices = await room.world.settle(room.world.client().list(endpointSlices, { namespace: 'drowse' }));
    assert.deepEqual(
      slices.items.map(({ ports }) => ports?.[0]?.port),
      [40_002],
    );
  });

  test('at the same time shares the moves', async () => {
    const room = await Room.open();
    const all = Array.from({ length: 100 }, async () => room.barrier.pass());
    await room.world.settle(Promise.all(all));
    assert.ok(room.net.places.size <= 2);
  });

  test('names those that are stuck, and leaves nobody connecting when nobody asks', async () => {
    const room = await Room.open();
    room.lagMs.delete('b');
    const [tookMs, unseen] = await room.pass();
    assert.deepEqual([tookMs, unseen], [5_000, ['b']]);
    await room.world.run(3_000);
    const { dials } = room.net;
    await room.world.run(60_000);
    assert.equal(room.net.dials, dials);
  });

  test('that come back late are seen where they are, not where they were', async () => {
    const room = await Room.open();
    await room.pass();
    room.lagMs.set('b', 60_000);
    assert.deepEqual((await room.pass())[1], ['b']);
    assert.deepEqual((await room.pass())[1], ['b']);
    room.lagMs.set('b', 10);
    assert.deepEqual((await room.pass())[1], []);
  });

  test('goes on when the API server is away for a while', async () => {
    const room = await Room.open();
    room.world.faults.next({ kind: 'answer', status: 503, hasEffect: false }, { kind: 'unreachable' });
    const [tookMs, unseen] = await room.pass();
    assert.deepEqual(unseen, []);
    assert.ok(tookMs > 3_000 && tookMs < 3_300, `${tookMs} ms`);
  });
});

test('the places of the canary are real, tell which they are, and are not mixed up with those of another Drowse', async () => {
  const [ours, theirs] = [new NodeCanaryNet('one', '127.0.0.1'), new NodeCanaryNet('other', '127.0.0.1')];
  const [first, second, foreign] = [await ours.open(1), await ours.open(2), await theirs.open(7)];
  const dial = async (port: number): Promise<number | null> => ours.dial('127.0.0.1', port, 5_000);
  assert.deepEqual([await dial(first), await dial(second), await dial(foreign)], [1, 2, null]);
  ours.closeBefore(2);
  assert.deepEqual([await dial(first), await dial(second)], [null, 2]);
  ours.stop();
  theirs.stop();
});
