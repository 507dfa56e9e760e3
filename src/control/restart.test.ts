import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Replica } from '../ports/platform.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';
import { MemoryStore } from '../testing/memory-store.ts';

const apps = [localApp({ sleepAfterMs: 60_000, maxReplicas: 5 })];

const leftOver: Replica = {
  id: 'left-over',
  phase: 'serving',
  addresses: [{ portName: 'main', host: '127.0.0.1', port: 9_000 }],
  pid: 4_711,
  startedAtMs: 1_000,
  spawnedAtMs: null,
  readyAtMs: null,
};

/** A Drowse that is killed: nothing is told to anybody. */
async function before(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const made = new ControlWorld({ store });
  await made.control.apply(apps);
  made.control.wake('web', 3, 'me');
  made.platform.ready('web');
  return store;
}

void test('after a restart what was up is up again, with as many replicas', async () => {
  const made = new ControlWorld({ store: await before() });
  await made.control.apply(apps);
  assert.equal(made.phase('web'), 'waking');
  assert.equal(made.platform.replicasOf('web').length, 3);
});

void test('after a restart nothing sleeps early', async () => {
  const made = new ControlWorld({ store: await before() });
  await made.control.apply(apps);
  made.platform.ready('web');
  made.clock.advance(59_000);
  assert.equal(made.phase('web'), 'awake');
  made.clock.advance(2_000);
  assert.equal(made.phase('web'), 'draining');
});

void test('left-overs of an app that was up go on serving', async () => {
  const made = new ControlWorld({ store: await before() });
  made.platform.leftOvers.set('web', [leftOver, { ...leftOver, id: 'b' }, { ...leftOver, id: 'c' }]);
  await made.control.apply(apps);
  assert.equal(made.phase('web'), 'awake');
  assert.equal(made.visit('web').state, 'in-flight');
  assert.ok(made.platform.replicasOf('web').every(({ phase }) => phase === 'serving'));
  assert.equal(made.control.why('web')?.wokenBy?.cause, 'adopted', 'nobody woke it now');
});

void test('left-overs of an app that was to sleep are taken down', async () => {
  const made = new ControlWorld();
  made.platform.leftOvers.set('web', [leftOver]);
  await made.control.apply(apps);
  assert.deepEqual(
    made.platform.replicasOf('web').map(({ phase }) => phase),
    ['terminating'],
  );
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
});

void test('left-overs of an app that a visitor had woken: nobody is named that is not known', async () => {
  const store = new MemoryStore();
  const first = new ControlWorld({ store });
  await first.control.apply(apps);
  first.visit('web');
  const made = new ControlWorld({ store });
  made.platform.leftOvers.set('web', [leftOver]);
  await made.control.apply(apps);
  assert.equal(made.phase('web'), 'awake');
  assert.equal(made.control.why('web')?.wokenBy?.cause, 'adopted');
});

void test('what an answered adopted replica took is no cold start', async () => {
  const made = new ControlWorld({ store: await before() });
  made.platform.leftOvers.set('web', [leftOver]);
  await made.control.apply(apps);
  const visitor = made.visit('web');
  made.gate('web').answered(visitor);
  assert.deepEqual(made.metrics.coldStarts, []);
});

void test('the count that a wake restores survives sleep and restart', async () => {
  const store = new MemoryStore();
  const first = new ControlWorld({ store });
  await first.control.apply(apps);
  first.control.wake('web', 3, 'me');
  first.platform.ready('web');
  first.clock.advance(61_000);
  first.platform.stopped('web');
  assert.equal(first.phase('web'), 'asleep');
  const second = new ControlWorld({ store });
  await second.control.apply(apps);
  assert.equal(second.phase('web'), 'asleep');
  second.visit('web');
  assert.equal(second.platform.replicasOf('web').length, 3);
});

void test('a pin survives a restart', async () => {
  const store = new MemoryStore();
  const first = new ControlWorld({ store });
  await first.control.apply(apps);
  first.control.pin('web', null, 'me');
  const second = new ControlWorld({ store });
  await second.control.apply(apps);
  assert.deepEqual(second.control.get('web')?.pinned, { untilMs: null, by: 'me' });
  assert.equal(second.phase('web'), 'waking');
  assert.equal(second.control.why('web')?.wokenBy?.cause, 'adopted', 'nobody woke it now');
  const [woken] = second.control.journal({ app: 'web', kinds: ['transition'], limit: 1 });
  assert.equal(woken?.message, 'it was up, or to come up, when Drowse last ended');
});

void test('what had only been about to wake is taken up again, and nobody is told that it was up', async () => {
  const store = new MemoryStore();
  const first = new ControlWorld({ store });
  await first.control.apply(apps);
  first.visit('web');
  assert.equal(first.phase('web'), 'waking');
  const second = new ControlWorld({ store });
  await second.control.apply(apps);
  const [woken] = second.control.journal({ app: 'web', kinds: ['transition'], limit: 1 });
  assert.equal(woken?.message, 'it was up, or to come up, when Drowse last ended');
});

void test('a record that makes no sense is a fresh start', async () => {
  const store = new MemoryStore();
  store.save('web', { policy: 'nonsense', saved: -7, lastColdStartMs: null });
  const made = new ControlWorld({ store });
  await made.control.apply(apps);
  made.visit('web');
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
});
