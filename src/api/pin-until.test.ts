import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pinUntil } from './pin-until.ts';
import { ProblemError } from './problem.ts';

const now = Date.UTC(2026, 0, 31, 8);

test('a pin ends at an instant, after a time, or never', () => {
  assert.equal(pinUntil({ until: '2026-01-31T10:00:00+01:00' }, now), Date.UTC(2026, 0, 31, 9));
  assert.equal(pinUntil({ until: '2026-01-31T09:00Z' }, now), Date.UTC(2026, 0, 31, 9));
  assert.equal(pinUntil({ forMs: 1000 }, now), now + 1000);
  assert.equal(pinUntil({}, now), null);
});

test('instants that are past, have no zone or do not exist are refused', () => {
  for (const until of ['2026-01-31T08:00:00Z', '2026-01-31T09:00:00', '2026-02-31T25:00:00Z', '09:00', '']) {
    assert.throws(() => pinUntil({ until }, now), ProblemError, until);
  }
});
