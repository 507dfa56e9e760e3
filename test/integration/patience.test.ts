import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './patience.ts';

test('a wait outlasts a stop of the whole process, and ends all the same', async (t) => {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => (nowMs += 60_000));
  let asked = 0;
  await eventually(
    () => (asked += 1) > 5,
    () => 'never',
  );
  await assert.rejects(
    eventually(
      () => false,
      () => 'in vain',
    ),
    /in vain/,
  );
});
