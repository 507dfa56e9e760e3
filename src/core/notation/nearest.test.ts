import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { editDistance, nearest } from './nearest.ts';

void test('the nearest word forgives case, dashes, a swap and a third of the letters, and no more', () => {
  const keys = ['command', 'sleepAfter', 'minReplicas', 'maxReplicas', 'env'];
  const cases: readonly (readonly [string, string | null])[] = [
    ['comand', 'command'],
    ['commadn', 'command'],
    ['sleep_after', 'sleepAfter'],
    ['SLEEP-AFTER', 'sleepAfter'],
    ['minReplica', 'minReplicas'],
    ['evn', 'env'],
    ['zzz', null],
    ['', null],
  ];
  for (const [word, expected] of cases) assert.equal(nearest(word, keys), expected, word);
});

void test('the edit distance is symmetric, zero only for equals, and obeys its bounds', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.equal(distance === 0, a === b);
      assert.ok(distance >= Math.abs(a.length - b.length) && distance <= Math.max(a.length, b.length));
    }),
  );
});
