import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HeldQueue } from './held-queue.ts';
import { HoldBudget } from './hold-budget.ts';
import { Seat } from './seat.ts';

/** One who arrived at this time, and as the so-many-th. */
function seat(arrivedAtMs: number, counts = true): Seat {
  const made = new Seat({
    granted: () => assert.fail(),
    refused: () => assert.fail(),
    describe: () => ({ client: String(arrivedAtMs), protocol: 'tcp', port: 'main', sinceMs: 0 }),
  });
  made.arrivedAtMs = arrivedAtMs;
  made.arrival = arrivedAtMs;
  made.counts = counts;
  return made;
}

function queue(places = 100): { held: HeldQueue; budget: HoldBudget } {
  const budget = new HoldBudget(places);
  return { held: new HeldQueue(budget), budget };
}

const times = (seats: Iterable<Seat>): number[] => [...seats].map(({ arrivedAtMs }) => arrivedAtMs);

describe('those who are held', () => {
  test('are served in the order of arrival; those who come back, before the others', () => {
    const { held } = queue();
    const [one, two] = [seat(1), seat(2)];
    for (const each of [one, two, seat(3), seat(4)]) held.join(each, 10);
    held.remove(one);
    held.remove(two);
    held.rejoin(two);
    held.rejoin(one);
    assert.deepEqual(times(held.inOrder()), [1, 2, 3, 4]);
    assert.equal(held.first, one);
  });

  test('have places of the app and of the process; whoever finds none changes nothing', () => {
    const { held, budget } = queue(2);
    assert.deepEqual([held.join(seat(1), 1), held.join(seat(2), 1)], [true, false]);
    assert.deepEqual([held.size, budget.used], [1, 1]);
    assert.deepEqual([held.join(seat(3), 10), held.join(seat(4), 10)], [true, false]);
    assert.deepEqual([held.size, budget.used], [2, 2]);
  });

  test('keep their place over a refused dial, whoever has come since', () => {
    const { held, budget } = queue(1);
    const one = seat(1);
    held.join(one, 1);
    held.remove(one);
    held.join(seat(2), 1);
    held.rejoin(one);
    assert.deepEqual([held.size, budget.used], [2, 2]);
  });

  test('are demand, but for those who must not wake the app', () => {
    const { held } = queue();
    const probe = seat(1, false);
    held.join(probe, 10);
    assert.deepEqual([held.wanting, held.firstWanting()], [0, null]);
    const visitor = seat(2);
    held.join(visitor, 10);
    assert.deepEqual([held.wanting, held.firstWanting()], [1, visitor]);
    held.remove(probe);
    held.remove(visitor);
    assert.deepEqual([held.wanting, held.size], [0, 0]);
  });

  test('are overdue exactly when the time of the oldest is over', () => {
    const { held } = queue();
    assert.equal(held.oldestMs(), Infinity);
    const late = seat(20);
    held.join(seat(30), 10);
    held.rejoin(late);
    assert.equal(held.oldestMs(), 20);
    assert.equal(held.overdue(119.9, 100), null);
    assert.equal(held.overdue(120, 100), late);
    held.remove(late);
    assert.equal(held.overdue(120, 100), null);
  });

  test('are shown newest last, as many as asked for', () => {
    const { held } = queue();
    for (const each of [2, 3, 4]) held.join(seat(each), 10);
    held.rejoin(seat(1));
    assert.deepEqual(times(held.newest(2)), [3, 4]);
    assert.deepEqual(times(held.newest(10)), [1, 2, 3, 4]);
  });
});
