import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { SimClock } from '../../sim/clock.ts';
import { SimRandom } from '../../sim/random.ts';
import { Reconciler, type ReconcilerOptions } from './reconciler.ts';

function withReconciler(reconcile: ReconcilerOptions['reconcile'], lagMs = 0) {
  const clock = new SimClock(new SimRandom(1), 0);
  const run = async (untilMs: number): Promise<void> => clock.runUntil(untilMs, () => true);
  return { clock, run, queue: new Reconciler({ clock, reconcile, lagMs: () => lagMs }) };
}

const key = { namespace: 'shop', name: 'web' };

test('however often it is asked for, a key is handled once after the lag', async () => {
  const at: number[] = [];
  const { clock, run, queue } = withReconciler(async () => (at.push(clock.monoMs()), null), 100);
  for (let times = 0; times < 5; times += 1) queue.enqueue(key);
  await run(1_000);
  assert.deepEqual(at, [100]);
});

test('what is asked for while a key is handled is handled after that', async () => {
  let calls = 0;
  let atOnce = 0;
  const { clock, run, queue } = withReconciler(async () => {
    calls += 1;
    atOnce += 1;
    assert.equal(atOnce, 1);
    if (calls === 1) queue.enqueue(key);
    await new Promise<void>((resolve) => void clock.after(50, resolve));
    atOnce -= 1;
    return null;
  });
  queue.enqueue(key);
  await run(1_000);
  assert.equal(calls, 2);
});

test('a refused call is tried again, twice as late each time; success forgets that', async () => {
  const at: number[] = [];
  const { clock, run, queue } = withReconciler(async () => {
    at.push(clock.monoMs());
    if (at.length % 4 !== 0) throw new KubeError('Forbidden', 'no');
    return null;
  });
  queue.enqueue(key);
  await run(1_000);
  assert.deepEqual(at, [0, 5, 15, 35]);
  queue.enqueue(key);
  await run(2_000);
  assert.deepEqual(at.slice(4), [1_000, 1_005, 1_015, 1_035]);
});

test('it looks again when it was told to, and never after it was stopped', async () => {
  let calls = 0;
  const { run, queue } = withReconciler(async () => ((calls += 1), 100));
  queue.enqueue(key);
  await run(250);
  assert.equal(calls, 3);
  await queue.stop();
  queue.enqueue(key);
  await run(1_000);
  assert.equal(calls, 3);
});
