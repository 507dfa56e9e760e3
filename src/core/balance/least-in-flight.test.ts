import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { leastInFlight } from './least-in-flight.ts';

const loads = (...inFlight: number[]) => inFlight.map((n) => ({ inFlight: n }));

test('picks the one with the least in flight', () => {
  assert.equal(leastInFlight(loads(3, 1, 2), 0, Infinity), 1);
});

test('ties go to the first from the start, round the end', () => {
  assert.equal(leastInFlight(loads(1, 1, 1), 2, Infinity), 2);
  assert.equal(leastInFlight(loads(1, 5, 5), 1, Infinity), 0);
});

test('nobody has room', () => {
  assert.equal(leastInFlight(loads(2, 2), 0, 2), -1);
  assert.equal(leastInFlight([], 0, Infinity), -1);
});

test('never passes the limit, and spreads evenly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(30),
      (slots, limit, arrivals) => {
        const load = Array.from({ length: slots }, () => ({ inFlight: 0 }));
        let start = 0;
        for (let i = 0; i < arrivals; i += 1) {
          const chosen = leastInFlight(load, start, limit);
          assert.equal(chosen === -1, i >= slots * limit);
          const slot = load[chosen];
          if (slot === undefined) continue;
          slot.inFlight += 1;
          start = (chosen + 1) % slots;
        }
        const all = load.map((slot) => slot.inFlight);
        assert.ok(Math.max(...all) <= limit);
        assert.ok(Math.max(...all) - Math.min(...all) <= 1);
      },
    ),
  );
});
