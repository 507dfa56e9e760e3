import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { EventRing } from './event-ring.ts';

test('resuming from any id gives exactly what came after it, or says that it cannot', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(30), fc.nat(40), (capacity, recorded, from) => {
      const ring = new EventRing('i', capacity);
      for (let i = 1; i <= recorded; i += 1) ring.record({ type: 'changed', name: String(i) }, i);
      const missed = ring.since(`i-${from}`);
      const possible = from <= recorded && from >= recorded - Math.min(capacity, recorded);
      assert.equal(missed !== null, possible);
      if (missed === null) return;
      assert.deepEqual(
        missed.map(({ change }) => Number(change.name)),
        Array.from({ length: recorded - from }, (_, index) => from + 1 + index),
      );
    }),
  );
});

test('the id of another start, or no id of ours, cannot be resumed', () => {
  const ring = new EventRing('now', 10);
  ring.record({ type: 'changed', name: 'web' }, 0);
  const ids = ['before-0', '', 'now', 'now-', 'now-x', 'now--1', 'now-1e0', 'now-0.5', 'now-2'];
  for (const id of ids) assert.equal(ring.since(id), null, id);
  assert.equal(ring.lastId, 'now-1');
});

test('followers hear what is recorded until they leave', () => {
  const ring = new EventRing('i', 2);
  const heard: number[] = [];
  const leave = ring.follow(({ sequence }) => heard.push(sequence));
  ring.record({ type: 'changed', name: 'web' }, 0);
  leave();
  ring.record({ type: 'changed', name: 'web' }, 0);
  assert.deepEqual(heard, [1]);
});
