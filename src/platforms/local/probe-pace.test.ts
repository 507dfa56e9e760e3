import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbePace } from './probe-pace.ts';

function paceOf(starting: number): ProbePace {
  const pace = new ProbePace();
  for (let left = starting; left > 0; left -= 1) pace.join();
  return pace;
}

test('a few starts at once do not slow each other down', () => {
  assert.deepEqual([paceOf(1).atLeast(1), paceOf(2).atLeast(1)], [1, 1]);
});

test('a hundred at once share a fifth of the event loop, and readiness that needs no hurry is not hurried', () => {
  assert.equal(paceOf(100).atLeast(1), 50);
  assert.equal(paceOf(100).atLeast(1_000), 1_000);
});

test('who is ready counts no more', () => {
  const pace = paceOf(100);
  for (let left = 90; left > 0; left -= 1) pace.leave();
  assert.equal(pace.atLeast(1), 5);
});
