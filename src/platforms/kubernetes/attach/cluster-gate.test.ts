import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimRandom } from '../../../testing/sim/random.ts';
import { LeaderWorld } from '../../../testing/kube/leader-world.ts';

/** Guests from both nodes, every few milliseconds, for so long. */
async function crowd(world: LeaderWorld, forMs: number, everyMs = 50): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
    world.visit(0);
    world.visit(1);
    await world.run(everyMs);
  }
}

const isDirect = (world: LeaderWorld): boolean =>
  world.attached.attachment.state.step === 'direct' && world.attached.ourSlices().length === 0;

describe('an app in a cluster with two Drowses', () => {
  test('wakes for whoever comes, is left alone while it is awake, and sleeps when nobody comes', async () => {
    const world = await LeaderWorld.started(1, 0);
    await world.run(10_000);
    assert.equal(world.phase, 'asleep');
    const guest = world.visit(0);
    assert.equal(guest.waiter?.state, 'held');
    assert.ok(await world.until(() => guest.waiter?.state === 'done'));
    assert.ok(await world.until(() => world.phase === 'awake' && isDirect(world)));
    await crowd(world, 5_000);
    const last = world.guests.slice(-20);
    assert.ok(
      last.every(({ waiter }) => waiter === null),
      'Drowse is not in the path',
    );
    assert.ok(await world.until(() => world.phase === 'asleep'));
    assert.deepEqual([world.lost, world.held], [[], []]);
    assert.equal(world.attached.present(), 0);
    const again = world.visit(1);
    assert.ok(await world.until(() => again.waiter?.state === 'done'));
  });

  test('stays awake for as long as people come directly, though no activator sees them', async () => {
    const world = await LeaderWorld.started(2, 1);
    await world.run(20_000);
    assert.ok(await world.until(() => world.phase === 'awake' && isDirect(world)));
    await crowd(world, 120_000);
    assert.equal(world.phase, 'awake');
    assert.deepEqual(world.lost, []);
  });

  for (const seed of [3, 4, 5, 6]) {
    test(`loses nobody who comes at any moment of its nights and mornings (seed ${seed})`, async () => {
      const world = await LeaderWorld.started(seed, 1);
      const random = new SimRandom(seed);
      for (let night = 0; night < 12; night += 1) {
        assert.ok(await world.until(() => ['stepping-in', 'asleep'].includes(world.phase)));
        // Some turn it around, some come just as it goes, some wake it.
        await world.run(random.below(5_000));
        await crowd(world, random.pick([10, 1_000, 3_000]), 5);
      }
      await world.run(20_000);
      assert.deepEqual([world.lost, world.held], [[], []]);
    });
  }

  test('loses nobody when all come just as its pods are told to end', async () => {
    const world = await LeaderWorld.started(7, 1);
    for (let night = 0; night < 5; night += 1) {
      assert.ok(await world.until(() => world.phase === 'stepping-in'));
      while (world.phase === 'stepping-in') await world.run(1);
      assert.equal(world.phase, 'draining');
      await crowd(world, 2_000, 2);
      await world.run(10_000);
      assert.equal(world.phase, 'awake');
    }
    assert.deepEqual([world.lost, world.held], [[], []]);
  });
});
