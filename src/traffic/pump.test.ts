import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { batchSize, Pump } from './pump.ts';

function pumping(waiting: number): {
  clock: FakeClock;
  pump: Pump;
  left: () => number;
  pumped: () => number;
} {
  const clock = new FakeClock();
  let left = waiting;
  let pumped = 0;
  const pump: Pump = new Pump(clock, {
    serveFirst: () => {
      if (left === 0) return false;
      left -= 1;
      pump.run();
      return true;
    },
    pumped: () => {
      pumped += 1;
    },
  });
  return { clock, pump, left: () => left, pumped: () => pumped };
}

test('a batch in each turn, in which a call from within changes nothing', () => {
  const { clock, pump, left, pumped } = pumping(2.5 * batchSize);
  pump.run();
  assert.equal(left(), 1.5 * batchSize);
  pump.run();
  assert.equal(left(), 1.5 * batchSize, 'the next batch is on its way');
  clock.advance(0);
  assert.deepEqual([left(), pumped(), clock.timers], [0, 3, 0]);
});

test('one whose service throws does not stop it for ever', () => {
  let fails = true;
  const pump = new Pump(new FakeClock(), {
    serveFirst: () => {
      if (fails) throw new Error('a bug');
      return false;
    },
    pumped: () => undefined,
  });
  assert.throws(() => pump.run(), /a bug/);
  fails = false;
  pump.run();
});
