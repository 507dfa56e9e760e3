import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const sleepAfterMs = 60_000;

async function world(): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([localApp({ sleepAfterMs })]);
  made.platform.take();
  return made;
}

/** Asleep again, after a use and the idle time. */
async function drained(): Promise<ControlWorld> {
  const made = await world();
  made.bringUp('web');
  made.clock.advance(sleepAfterMs);
  return made;
}

void test('a visitor of a sleeping app: held, started, handed over, counted', async () => {
  const made = await world();
  const visitor = made.visit('web');
  assert.deepEqual(made.platform.take(), ['scale web 1'], 'asked for before the arrival returned');
  assert.equal(visitor.state, 'held');
  assert.equal(made.phase('web'), 'waking');
  made.clock.advance(40);
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
  assert.equal(visitor.slot?.endpoint.id, made.platform.replicasOf('web')[0]?.id);
  assert.equal(made.phase('web'), 'awake');
  assert.equal(made.way('web'), 'asleep waking handing-over awake');
});

void test('a cold start is timed by phase, reported, kept and persisted', async () => {
  const made = await world();
  const visitor = made.visit('web');
  made.clock.advance(40);
  made.platform.ready('web');
  made.clock.advance(2);
  made.gate('web').answered(visitor);
  const phases = { wake: 0, spawn: 0, ready: 40, release: 0, 'first-byte': 2, total: 42 };
  assert.deepEqual(made.metrics.coldStarts, [phases]);
  const status = made.control.get('web');
  assert.deepEqual(status?.lastColdStart, { atWallMs: made.clock.wallMs(), phases });
  assert.deepEqual(status?.coldStarts, { count: 1, p50Ms: 42, p95Ms: 42, lastMs: 42 });
  assert.equal(made.store.load('web')?.lastColdStartMs, 42);
  assert.equal(made.store.journal({ kinds: ['cold-start'], limit: 5 }).length, 1);
});

void test('many visitors, one scale; all are released', async () => {
  const made = await world();
  const visitors = [made.visit('web'), made.visit('web'), made.visit('web')];
  made.clock.advance(2_500);
  assert.deepEqual(
    made.platform.take(),
    ['scale web 1'],
    'demand is asserted again; the scale is seen to work',
  );
  made.platform.ready('web');
  assert.deepEqual(
    visitors.map(({ state }) => state),
    ['in-flight', 'in-flight', 'in-flight'],
  );
});

void test('the idle time runs from the last use; then the app sleeps', async () => {
  const made = await world();
  const visitor = made.visit('web');
  made.platform.ready('web');
  made.clock.advance(10 * sleepAfterMs);
  assert.equal(made.phase('web'), 'awake', 'a use in flight keeps it up, however long');
  visitor.done();
  made.clock.advance(sleepAfterMs - 1);
  assert.equal(made.phase('web'), 'awake');
  made.clock.advance(sleepAfterMs);
  assert.equal(made.phase('web'), 'draining');
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
  assert.equal(made.way('web').endsWith('awake stepping-in draining asleep'), true);
});

void test('an app that nobody ever visited goes to sleep too', async () => {
  const made = await world();
  made.bringUp('web');
  made.clock.advance(sleepAfterMs);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
});

void test('a terminating replica that nobody uses is given up at once', async () => {
  const made = await drained();
  const id = made.platform.replicasOf('web')[0]?.id;
  assert.deepEqual(made.platform.take(), ['scale web 0', `vacated web ${id}`]);
  made.platform.stopped('web');
  assert.deepEqual(made.platform.take(), []);
});

void test('somebody comes while the app is stopped: a new replica beside the old one', async () => {
  const made = await drained();
  made.platform.take();
  const visitor = made.visit('web');
  assert.deepEqual(made.platform.take(), ['scale web 1']);
  assert.equal(made.phase('web'), 'waking');
  made.platform.stopped('web');
  assert.equal(visitor.state, 'held');
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
});

void test('an operator says sleep: those in flight finish, those who come meanwhile turn it around', async () => {
  const made = await world();
  const first = made.visit('web');
  made.platform.ready('web');
  made.platform.take();
  assert.deepEqual(made.control.sleep('web', 'me'), { ok: true });
  assert.equal(made.phase('web'), 'draining');
  assert.deepEqual(made.platform.take(), [], 'nothing is stopped under somebody');
  const second = made.visit('web');
  assert.equal(made.phase('web'), 'awake');
  assert.equal(second.state, 'in-flight');
  assert.equal(first.state, 'in-flight');
  assert.deepEqual(made.platform.take(), []);
  assert.equal(made.control.why('web')?.wokenBy?.visitor?.client, 'visitor-2');
});

void test('an operator says sleep: when the last use ends, capacity goes at once', async () => {
  const made = await world();
  const visitor = made.visit('web');
  made.platform.ready('web');
  made.control.sleep('web', 'me');
  made.platform.take();
  visitor.done();
  assert.equal(made.platform.take()[0], 'scale web 0');
});

void test('the last visitor leaves before the start is done: the start goes on', async () => {
  const made = await world();
  made.visit('web').leave();
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
  assert.equal(made.gate('web').usage().held, 0);
});

void test('replicas that come and go while awake: nobody is sent to one that is gone', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ minReplicas: 2 })]);
  made.platform.ready('web');
  const [one, two] = [made.visit('web'), made.visit('web')];
  assert.notEqual(one.slot?.endpoint.id, two.slot?.endpoint.id);
  made.platform.crash('web', { code: 'exited', message: 'gone', output: [], permanent: false });
  const late = made.visit('web');
  assert.equal(late.state, 'held');
  made.clock.advance(2_000);
  made.platform.ready('web');
  assert.equal(late.state, 'in-flight');
  assert.equal(made.platform.replicasOf('web').length, 2);
});

void test('an operator orders sleep in mid-wake, with visitors held: they are served, and the app falls asleep when it is idle', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ sleepAfterMs, maxConcurrency: 1 })]);
  const [first, second] = [made.visit('web'), made.visit('web')];
  assert.equal(made.control.sleep('web', 'me').ok, true);
  made.clock.advance(980);
  made.platform.ready('web');
  // The second waits for the first, and is demand.
  made.clock.advance(100);
  first.done();
  second.done();
  assert.equal(made.phase('web'), 'awake');
  made.clock.advance(sleepAfterMs);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
});

void test('an operator asks for fewer than there were: so many are started, also from sleep', async () => {
  const made = await world();
  made.control.wake('web', 3, 'me');
  made.platform.ready('web');
  made.clock.advance(sleepAfterMs);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
  made.platform.take();
  made.control.wake('web', 1, 'me');
  assert.deepEqual(made.platform.take(), ['scale web 1']);
  assert.equal(made.store.load('web')?.saved, 1);
});
