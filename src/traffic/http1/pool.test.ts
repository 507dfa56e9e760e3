import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../../testing/fake-clock.ts';
import { endpoint } from '../../testing/fake-waiter.ts';
import { CountedSlot } from '../counted-slot.ts';
import { PoolSet } from './pool.ts';
import { Sweep } from './sweep.ts';
import type { PooledConnection, UpstreamHome } from './pooled-connection.ts';

class FakeConnection implements PooledConnection {
  user: null = null;
  home: UpstreamHome | null = null;
  reused = false;
  idleSince = 0;
  usable = true;
  discarded = false;
  discard(): void {
    this.discarded = true;
    this.home?.forget(this);
  }
}

function room(): { clock: FakeClock; pools: PoolSet<FakeConnection>; slot: CountedSlot } {
  const clock = new FakeClock();
  const pools = new PoolSet<FakeConnection>(new Sweep(clock));
  pools.idleTicks = 3;
  return { clock, pools, slot: new CountedSlot(endpoint('a')) };
}

describe('connections that are kept', () => {
  test('the one used last is used first, and knows that it was used', () => {
    const { pools, slot } = room();
    const [one, two] = [new FakeConnection(), new FakeConnection()];
    pools.of(slot).put(one);
    pools.of(slot).put(two);
    assert.deepEqual([pools.of(slot).take(true), pools.of(slot).take(true)], [two, one]);
    assert.deepEqual([pools.of(slot).take(true), two.reused, two.home], [null, true, null]);
  });

  test('those that turned out to be closed are passed over', () => {
    const { pools, slot } = room();
    const [one, two] = [new FakeConnection(), new FakeConnection()];
    pools.of(slot).put(one);
    pools.of(slot).put(two);
    two.usable = false;
    assert.equal(pools.of(slot).take(true), one);
    assert.equal(two.discarded, true);
  });

  test('a request that must not be sent twice gets only one that was busy a moment ago', () => {
    const { clock, pools, slot } = room();
    const kept = new FakeConnection();
    pools.of(slot).put(kept);
    assert.equal(pools.of(slot).take(false), kept);
    pools.of(slot).put(kept);
    clock.advance(1000);
    assert.equal(pools.of(slot).take(false), null);
    assert.equal(pools.of(slot).take(true), kept);
  });

  test('after their time they are closed, oldest first, and then nothing is timed any more', () => {
    const { clock, pools, slot } = room();
    const [old, young] = [new FakeConnection(), new FakeConnection()];
    pools.of(slot).put(old);
    clock.advance(2000);
    pools.of(slot).put(young);
    clock.advance(2000);
    assert.deepEqual([old.discarded, young.discarded], [true, false]);
    clock.advance(2000);
    assert.equal(young.discarded, true);
    assert.equal(clock.timers, 0);
  });

  test('one that closes by itself is forgotten', () => {
    const { pools, slot } = room();
    const kept = new FakeConnection();
    pools.of(slot).put(kept);
    kept.discard();
    assert.equal(pools.of(slot).take(true), null);
  });

  test('no more than 256 for an endpoint', () => {
    const { pools, slot } = room();
    const all = Array.from({ length: 300 }, () => new FakeConnection());
    for (const connection of all) pools.of(slot).put(connection);
    assert.equal(all.filter(({ discarded }) => discarded).length, 44);
  });

  test('an endpoint that leaves takes them along, whichever ports have some, and none is kept afterwards', () => {
    const { clock, pools, slot } = room();
    const others = new PoolSet<FakeConnection>(new Sweep(clock));
    const [mine, theirs, late] = [new FakeConnection(), new FakeConnection(), new FakeConnection()];
    pools.of(slot).put(mine);
    others.of(slot).put(theirs);
    slot.live = false;
    for (const retire of slot.onRetired) retire();
    pools.of(slot).put(late);
    assert.deepEqual([mine.discarded, theirs.discarded, late.discarded], [true, true, true]);
  });

  test('of ports that are configured anew, an endpoint that stays remembers nothing', () => {
    const { clock, pools, slot } = room();
    for (let times = 0; times < 5; times += 1) {
      const rebuilt = new PoolSet<FakeConnection>(new Sweep(clock));
      rebuilt.of(slot).put(new FakeConnection());
      rebuilt.closeAll();
    }
    pools.of(slot);
    assert.equal(slot.onRetired.size, 0);
    pools.of(slot).put(new FakeConnection());
    assert.equal(slot.onRetired.size, 1);
  });

  test('endpoints share nothing', () => {
    const { pools, slot } = room();
    pools.of(slot).put(new FakeConnection());
    assert.equal(pools.of(new CountedSlot(endpoint('b'))).take(true), null);
  });
});
