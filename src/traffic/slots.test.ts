import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endpoint } from '../testing/fake-waiter.ts';
import type { CountedSlot } from './counted-slot.ts';
import { Slots } from './slots.ts';

function slots(...ids: string[]): Slots {
  const made = new Slots();
  made.replace(ids.map((id) => endpoint(id)));
  return made;
}

const take = (from: Slots, nowMs = 0, limit = Infinity): CountedSlot | null => from.take(limit, () => nowMs);
const taken = (from: Slots, nowMs = 0): CountedSlot => take(from, nowMs) ?? assert.fail('none has room');

describe('choosing', () => {
  test('the least in flight; among equals, each in its turn', () => {
    const made = slots('a', 'b', 'c');
    assert.deepEqual([1, 2, 3, 4].map(() => taken(made).id).join(''), 'abca');
    assert.deepEqual(['b', 'c'], [taken(made).id, taken(made).id]);
  });

  test('none beyond the limit, and none where there is none', () => {
    const made = slots('a');
    assert.equal(take(made, 0, 1)?.id, 'a');
    assert.equal(take(made, 0, 1), null);
    assert.equal(take(slots()), null);
  });
});

describe('a route that changes', () => {
  test('retires who left: told at once, gone when nothing is in flight there', () => {
    const made = slots('a', 'b');
    const used = taken(made);
    let retired = 0;
    used.onRetired.add(() => {
      retired += 1;
    });
    assert.deepEqual(made.replace([]), ['b'], 'the other has something in flight');
    assert.deepEqual([used.live, retired, made.some, made.inFlightAt('a')], [false, 1, false, 1]);
    assert.equal(made.giveBack(used), true);
    assert.equal(made.inFlightAt('a'), 0);
  });

  test('one who comes back before that is the same, with its count, and is not vacant any more', () => {
    const made = slots('a');
    const used = taken(made);
    made.replace([]);
    made.replace([endpoint('a', 2)]);
    assert.equal(taken(made), used);
    assert.deepEqual([used.inFlight, used.endpoint.addresses[0]?.port], [2, 2]);
    assert.equal(made.giveBack(used), false);
  });

  test('one who is named twice is there once', () => {
    const made = slots('a', 'a');
    taken(made);
    assert.deepEqual(made.replace([]), []);
  });
});

describe('one who refuses dials', () => {
  test('is paused for longer each time, but for no more than 50 ms', () => {
    const made = slots('a');
    let nowMs = 0;
    const pauses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      const slot = taken(made, nowMs);
      assert.equal(made.strike(slot, nowMs), true);
      made.giveBack(slot);
      pauses.push(made.opensAtMs(nowMs) - nowMs);
      assert.equal(take(made, nowMs), null);
      nowMs = made.opensAtMs(nowMs);
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 50, 50]);
  });

  test('is asked by one at a time, and of a burst only the first refusal says something', () => {
    const made = slots('a');
    const burst = [taken(made), taken(made)];
    assert.deepEqual(
      burst.map((slot) => made.strike(slot, 0)),
      [true, false],
    );
    assert.equal(taken(made, 5).id, 'a');
    assert.equal(take(made, 5), null, 'one is trying');
  });

  test('is left alone while another serves', () => {
    const made = slots('a', 'b');
    made.strike(taken(made), 0);
    assert.deepEqual(
      [1, 2, 3].map(() => taken(made).id),
      ['b', 'b', 'b'],
    );
  });

  test('is open to all as soon as it answers, or when one who tried was heard of no more for a pause', () => {
    const made = slots('a');
    const slot = taken(made);
    made.strike(slot, 0);
    taken(made, 5);
    assert.equal(made.answered(slot), true);
    assert.equal(made.answered(slot), false);
    assert.equal(made.opensAtMs(5), Infinity);
    made.strike(slot, 6);
    taken(made, 11);
    assert.equal(take(made, 20), null);
    assert.deepEqual([taken(made, 21).id, taken(made, 21).id], ['a', 'a']);
  });

  test('and has left the route is not paused: nobody is sent there anyway', () => {
    const made = slots('a');
    const slot = taken(made);
    made.replace([]);
    assert.equal(made.strike(slot, 0), false);
  });
});
