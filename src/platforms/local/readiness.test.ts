import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pauseMs } from './readiness.ts';

void describe('the pause between two probes', () => {
  void test('is short while most starts end, and grows', () => {
    const pauses = [0, 1_999, 2_000, 9_999, 10_000, 59_999, 60_000, 3_600_000].map((sinceMs) =>
      pauseMs('tcp', 'refused', sinceMs),
    );
    assert.deepEqual(pauses, [1, 1, 4, 4, 50, 50, 100, 100]);
  });

  void test('is longer where a probe is noticed by the app, or is a process', () => {
    assert.deepEqual(
      [0, 9_999, 10_000].map((sinceMs) => pauseMs('http', 'unready', sinceMs)),
      [20, 20, 100],
    );
    assert.deepEqual(
      [0, 4_999, 5_000].map((sinceMs) => pauseMs('command', 'unready', sinceMs)),
      [100, 100, 1_000],
    );
    assert.equal(pauseMs('http', 'refused', 0), 1);
  });
});
