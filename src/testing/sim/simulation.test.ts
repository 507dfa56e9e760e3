import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimHost } from './host.ts';
import { runSeed } from './run.ts';

const seeds = 20;

void test('apps sleep and wake through everything that goes wrong', async () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = await runSeed(seed);
    assert.equal(run.violation, null, `npm run sim -- --seed ${seed}`);
    for (const [what, count] of Object.entries(run.counts)) counts.set(what, (counts.get(what) ?? 0) + count);
  }
  for (const what of ['outcome served', 'phase draining > asleep', 'fault killed between two events'])
    assert.ok((counts.get(what) ?? 0) > 0, `never happened: ${what}`);
});

void test('a seed replays to the same trace, another seed to another', async () => {
  const [one, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
  assert.ok(one.trace.length > 100);
  assert.deepEqual(again.trace, one.trace);
  assert.equal(again.digest, one.digest);
  assert.notEqual(other.digest, one.digest);
});

void test('a broken world is reported, with its invariant and the end of its trace', async (context) => {
  context.mock.method(SimHost.prototype, 'signalGroup', () => true);
  const run = await runSeed(1);
  assert.match(run.violation?.invariant ?? 'none', /^(orphan|I3)$/);
  assert.match(run.trace.at(-1) ?? '', /VIOLATED/);
});
