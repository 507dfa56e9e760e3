import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../core/failure.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const sleepAfterMs = 60_000;
const hold = { max: 100, timeoutMs: 10_000_000, waitingPage: false };
const notFound: Failure = {
  code: 'command-not-found',
  message: 'No such command.',
  output: ['?'],
  permanent: true,
};

/** web → api → db, configured in an unhelpful order. */
async function chain(): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({ name: 'web', dependsOn: ['api'], sleepAfterMs, hold }),
    localApp({ name: 'db', sleepAfterMs: 1_000, hold }),
    localApp({ name: 'api', dependsOn: ['db'], sleepAfterMs, hold }),
  ]);
  made.platform.take();
  return made;
}

void test('dependencies are started first, one after the other, by the demand for the last', async () => {
  const made = await chain();
  const visitor = made.visit('web');
  assert.deepEqual(made.platform.take(), ['scale db 1']);
  made.clock.advance(5_000);
  assert.deepEqual(
    made.platform.take(),
    [],
    'asserting the scale again does not start it without its dependencies',
  );
  made.platform.ready('db');
  assert.deepEqual(made.platform.take(), ['scale api 1']);
  made.platform.ready('api');
  assert.deepEqual(made.platform.take(), ['scale web 1']);
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
  assert.deepEqual(made.control.why('db')?.wokenBy, {
    atWallMs: made.clock.wallMs() - 5_000,
    cause: 'dependent',
    by: 'api',
    visitor: null,
  });
  assert.deepEqual(made.control.get('web')?.dependsOn, [{ name: 'api', phase: 'awake' }]);
});

void test('what others run on stays up until they sleep, and sleeps after them', async () => {
  const made = await chain();
  const visitor = made.visit('web');
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  made.clock.advance(100 * sleepAfterMs);
  assert.equal(made.phase('db'), 'awake');
  assert.deepEqual(made.control.why('db')?.dependents, ['api']);
  assert.equal(made.control.get('db')?.keptAwakeBy[0]?.code, 'dependents');
  const refused = made.control.sleep('db', 'me');
  assert.equal(refused.ok ? '' : refused.code, 'conflict');
  visitor.done();
  for (const app of ['web', 'api', 'db']) {
    made.clock.advance(3 * sleepAfterMs);
    assert.equal(made.phase(app), 'draining', app);
    made.platform.stopped(app);
    assert.equal(made.phase(app), 'asleep', app);
  }
});

void test('a dependency that cannot be started fails the wake, with its own reason', async () => {
  const made = await chain();
  made.platform.refusals.set('db', notFound);
  const visitor = made.visit('web');
  assert.equal(visitor.state, 'refused');
  assert.equal(visitor.why?.code, 'dependency-failed');
  assert.match(
    visitor.why?.message ?? '',
    /web depends on api, which failed: api depends on db, which failed: No such command/u,
  );
  assert.deepEqual(visitor.why?.output, ['?']);
  assert.equal(
    made.platform.calls.some((call) => call.startsWith('scale web 1') || call.startsWith('scale api 1')),
    false,
  );
});

void test('a dependency that failed is tried again for those who need it, whatever its schedule says to visitors', async () => {
  const made = new ControlWorld();
  const window = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 600, timeZone: 'UTC' };
  const closed = { effect: 'asleep', refuse: true, window, source: 'all night' } as const;
  const db = localApp({ name: 'db', schedule: [closed] });
  made.platform.refusals.set('db', notFound);
  await made.control.apply([db, localApp({ name: 'web', dependsOn: ['db'], minReplicas: 1 })]);
  assert.equal(made.phase('web'), 'failed');
  made.platform.refusals.clear();
  made.clock.advance(60_000);
  made.platform.ready('db');
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
});

void test('an operator wakes what failed for its dependency: that is tried again first', async () => {
  const made = await chain();
  made.platform.refusals.set('db', notFound);
  made.visit('web');
  made.platform.refusals.clear();
  made.control.wake('web', null, 'me');
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  assert.equal(made.phase('web'), 'awake');
});

void test('when a dependency serves again, those that failed for it are tried again by those who want them', async () => {
  const made = await chain();
  made.platform.refusals.set('db', notFound);
  made.visit('web');
  assert.deepEqual(
    ['db', 'api', 'web'].map((app) => made.phase(app)),
    ['failed', 'failed', 'failed'],
  );
  made.platform.refusals.clear();
  made.control.wake('db', null, 'me');
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  const visitor = made.visit('web');
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
});

/** web → api → db, where db cannot be started; of the three only web is wanted by itself, and always. */
async function brokenChain(): Promise<ControlWorld> {
  const made = new ControlWorld();
  made.platform.refusals.set('db', notFound);
  await made.control.apply([
    localApp({ name: 'web', dependsOn: ['api'], minReplicas: 1 }),
    localApp({ name: 'api', dependsOn: ['db'], sleepAfterMs: 1_000 }),
    localApp({ name: 'db', sleepAfterMs: 1_000 }),
  ]);
  assert.deepEqual(phases(made), ['failed', 'failed', 'failed']);
  made.clock.advance(30_000);
  return made;
}

function phases(made: ControlWorld): readonly string[] {
  return ['db', 'api', 'web'].map((app) => made.phase(app));
}

function allReady(made: ControlWorld): void {
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
}

void test('when a dependency has recovered, all who need it are tried again at once, along the chain', async () => {
  const made = await brokenChain();
  made.platform.refusals.clear();
  made.control.wake('db', null, 'me');
  allReady(made);
  assert.deepEqual(phases(made), ['awake', 'awake', 'awake']);
});

void test('back-offs along a chain do not add up: what is waited for is tried as soon as it may be', async () => {
  const made = await brokenChain();
  // It fails again while the others wait: from now on its time is the latest of all.
  made.control.wake('db', null, 'me');
  made.platform.refusals.clear();
  made.clock.advance(59_999);
  assert.deepEqual(phases(made), ['failed', 'failed', 'failed']);
  made.clock.advance(1);
  allReady(made);
  assert.deepEqual(phases(made), ['awake', 'awake', 'awake']);
});

void test('what cannot be started is tried again for those who want what needs it, and no longer', async () => {
  const made = await chain();
  made.platform.refusals.set('db', notFound);
  assert.equal(made.visit('web').state, 'refused');
  made.clock.advance(10 * sleepAfterMs);
  assert.deepEqual(phases(made), ['failed', 'failed', 'failed']);
  assert.deepEqual(
    ['db', 'api', 'web'].map((app) => made.control.get(app)?.desired),
    [0, 0, 0],
  );
  made.platform.take();
  made.clock.advance(10 * sleepAfterMs);
  assert.deepEqual(made.platform.take(), []);
});

void test('those of a circle do not keep each other wanted', async () => {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({ name: 'a', dependsOn: ['b'], minReplicas: 1 }),
    localApp({ name: 'b', dependsOn: ['a'] }),
  ]);
  made.clock.advance(600_000);
  assert.equal(made.metrics.failures.includes('b dependency-failed'), false);
});

void test('a dependency that needs a second attempt is waited for', async () => {
  const made = await chain();
  const visitor = made.visit('web');
  made.platform.crash('db', { ...notFound, code: 'exited', permanent: false });
  assert.equal(visitor.state, 'held');
  made.clock.advance(1_000);
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  assert.equal(visitor.state, 'in-flight');
});

void test('a dependency on the way down is turned around', async () => {
  const made = await chain();
  made.bringUp('db');
  made.clock.advance(1_001);
  assert.equal(made.phase('db'), 'draining');
  made.visit('api');
  assert.equal(made.phase('db'), 'waking');
  made.platform.stopped('db');
  made.platform.ready('db');
  made.platform.ready('api');
  assert.equal(made.phase('api'), 'awake');
});

void test('a circle, and an app that is not there: refused with the reason, nothing hangs, nobody else is touched', async () => {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({ name: 'a', dependsOn: ['b'], minReplicas: 1 }),
    localApp({ name: 'b', dependsOn: ['c'] }),
    localApp({ name: 'c', dependsOn: ['a'] }),
    localApp({ name: 'lost', dependsOn: ['nowhere'] }),
    localApp({ name: 'self', dependsOn: ['self'] }),
    localApp({ name: 'fine' }),
  ]);
  const codes = ['a', 'b', 'lost', 'self'].map((app) => made.visit(app).why);
  assert.deepEqual(
    codes.map((why) => why?.code),
    ['dependency-failed', 'dependency-failed', 'dependency-failed', 'dependency-failed'],
  );
  assert.match(codes[1]?.message ?? '', /b depends on itself: b → c → a → b/u);
  made.visit('fine');
  made.platform.ready('fine');
  assert.equal(made.phase('fine'), 'awake');
  made.clock.advance(600_000);
  assert.deepEqual(made.log.errors, []);
  await made.control.close(0);
});

void test('what an app runs on stays up while the app ends, and sleeps when it has ended', async () => {
  const made = await chain();
  const visitor = made.visit('web');
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  assert.equal(visitor.state, 'in-flight');
  let end: (() => void) | undefined;
  const remove = made.platform.remove.bind(made.platform);
  made.platform.remove = async (name) => {
    if (name === 'api') await new Promise<void>((resolve) => void (end = resolve));
    return remove(name);
  };
  await made.control.apply([localApp({ name: 'db', sleepAfterMs: 1_000, hold })]);
  await new Promise(setImmediate);
  made.clock.advance(30_000);
  await new Promise(setImmediate);
  assert.equal(made.phase('db'), 'awake');
  assert.deepEqual(made.control.why('db')?.dependents, ['api']);
  assert.ok(end !== undefined);
  end();
  await new Promise(setImmediate);
  made.clock.advance(5_000);
  assert.equal(made.phase('db'), 'draining');
});

void test('a dependency is stopped after those that depend on it', async () => {
  const made = await chain();
  made.visit('web');
  for (const app of ['db', 'api', 'web']) made.platform.ready(app);
  made.platform.take();
  await made.control.close(0);
  assert.deepEqual(
    made.platform.take().filter((call) => call.startsWith('remove')),
    ['remove web', 'remove api', 'remove db'],
  );
});
