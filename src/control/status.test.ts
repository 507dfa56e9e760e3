import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

async function world(): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([localApp({ sleepAfterMs: 60_000 })]);
  return made;
}

void test('what is known of an app that sleeps', async () => {
  const made = await world();
  const status = made.control.get('web');
  assert.ok(status !== null);
  const { spec, counters, ...rest } = status;
  assert.equal(spec.name, 'web');
  assert.equal(counters?.requests, 0);
  assert.deepEqual(rest, {
    phase: 'asleep',
    sinceWallMs: made.clock.wallMs(),
    cause: { kind: 'configuration' },
    desired: 0,
    saved: 1,
    replicas: [],
    held: 0,
    inFlight: 0,
    lastUseAtWallMs: null,
    memoryBytes: null,
    cpuSeconds: null,
    coldStarts: { count: 0, p50Ms: null, p95Ms: null, lastMs: null },
    lastColdStart: null,
    keptAwakeBy: [],
    next: null,
    pinned: null,
    failure: null,
    attempts: 0,
    problem: null,
    dependsOn: [],
  });
  assert.deepEqual(made.control.list(), [status]);
  assert.equal(made.control.get('other'), null);
  assert.equal(made.control.why('other'), null);
});

void test('why: who woke it, who is there, what keeps it up, what comes next', async () => {
  const made = await world();
  const visitor = made.visit('web');
  assert.deepEqual(made.control.why('web')?.held, [visitor.describe()]);
  made.clock.advance(100);
  made.platform.ready('web');
  const inUse = made.control.why('web');
  assert.deepEqual(inUse?.wokenBy, {
    atWallMs: made.clock.wallMs() - 100,
    cause: 'request',
    by: null,
    visitor: visitor.describe(),
  });
  assert.deepEqual(inUse?.inFlight, [visitor.describe()]);
  assert.equal(inUse?.status.next, null);
  assert.ok(inUse?.keptAwakeBy.some(({ code }) => code === 'in-flight'));
  visitor.done();
  made.clock.advance(1_000);
  const idle = made.control.why('web');
  assert.deepEqual(idle?.status.next, {
    what: 'sleep',
    atWallMs: made.clock.wallMs() + 59_000,
    because: 'after 60 s without use',
  });
  assert.equal(idle?.status.lastUseAtWallMs, made.clock.wallMs() - 1_000);
});

void test('commands change the wish, and stand in the journal', async () => {
  const made = await world();
  const until = made.clock.wallMs() + 10_000;
  assert.deepEqual(made.control.pin('web', until, 'ann'), { ok: true });
  assert.equal(made.phase('web'), 'waking');
  made.platform.ready('web');
  const conflict = made.control.sleep('web', 'bob');
  assert.equal(conflict.ok ? '' : conflict.code, 'conflict');
  assert.equal(conflict.ok ? '' : conflict.message, 'Pinned by ann. Let it sleep again: drowse unpin web');
  assert.deepEqual(made.control.unpin('web', 'ann'), { ok: true });
  assert.deepEqual(made.control.sleep('web', 'bob'), { ok: true });
  assert.equal(made.phase('web'), 'draining');
  const tooMany = made.control.wake('web', 5, 'bob');
  assert.equal(tooMany.ok ? '' : tooMany.code, 'conflict');
  assert.match(tooMany.ok ? '' : tooMany.message, /maxReplicas of web is 4/u);
  assert.deepEqual(made.control.wake('web', 2, 'bob'), { ok: true });
  assert.equal(made.phase('web'), 'waking');
  const messages = made.control
    .journal({ app: 'web', kinds: ['operator'], limit: 9 })
    .map(({ message }) => message);
  assert.deepEqual(messages, ['wake by bob', 'sleep by bob', 'unpin by ann', 'sleep by bob', 'pin by ann']);
});

void test('a pin keeps the app up until its end', async () => {
  const made = await world();
  made.control.pin('web', made.clock.wallMs() + 3_600_000, 'ann');
  made.platform.ready('web');
  made.clock.advance(3_599_000);
  assert.equal(made.phase('web'), 'awake');
  made.clock.advance(121_000);
  assert.equal(made.phase('web'), 'draining');
});

void test('every transition says why, in the journal and in the metrics', async () => {
  const made = await world();
  made.visit('web').leave();
  made.platform.ready('web');
  made.clock.advance(60_000);
  made.platform.stopped('web');
  const story = made.control
    .journal({ app: 'web', kinds: ['transition'], limit: 20 })
    .toReversed()
    .map(({ from, to, message }) => `${from} → ${to}: ${message}`);
  assert.deepEqual(story, [
    'asleep → waking: a visitor: visitor-1, connection to port main',
    'waking → handing-over: it is ready',
    'handing-over → awake: it is ready',
    'awake → stepping-in: after 60 s without use',
    'stepping-in → draining: after 60 s without use',
    'draining → asleep: it has ended',
  ]);
  assert.equal(made.metrics.transitions.length, story.length);
  const slept = () => made.control.why('web')?.sleptBecause;
  assert.equal(slept(), 'after 60 s without use', 'the end of its processes is not why');
  made.visit('web').leave();
  assert.equal(slept(), null);
  made.platform.ready('web');
  made.control.sleep('web', 'ann');
  made.platform.stopped('web');
  assert.equal(slept(), 'sleep by ann');
});

void test('listeners hear of each change in its turn; one that fails disturbs nobody', async () => {
  const made = await world();
  const heard: string[] = [];
  made.control.subscribe(() => {
    throw new Error('bug');
  });
  const unsubscribe = made.control.subscribe(({ name }) => heard.push(`${name} ${made.phase(name)}`));
  made.visit('web');
  assert.deepEqual(heard, ['web waking']);
  made.platform.ready('web');
  assert.deepEqual(heard, ['web waking', 'web awake']);
  unsubscribe();
  made.control.sleep('web', 'me');
  assert.equal(heard.length, 2);
});

void test('memory and CPU are read when asked for, once a second, and only of what runs', async () => {
  const made = await world();
  let reads = 0;
  made.platform.resourcesOf = () => {
    reads += 1;
    return Promise.resolve({ memoryBytes: 1_000 * reads, cpuSeconds: reads });
  };
  await made.control.refreshResources();
  assert.equal(reads, 0);
  made.bringUp('web');
  assert.equal(made.control.get('web')?.memoryBytes, null, 'unknown is not zero');
  await Promise.all([made.control.refreshResources(), made.control.refreshResources()]);
  await made.control.refreshResources();
  assert.equal(reads, 1);
  assert.equal(made.control.get('web')?.memoryBytes, 1_000);
  made.clock.advance(1_000);
  await made.control.refreshResources();
  assert.equal(made.control.get('web')?.cpuSeconds, 2);
  made.clock.advance(60_000);
  made.platform.stopped('web');
  assert.equal(made.control.get('web')?.memoryBytes, null);
  made.bringUp('web');
  assert.equal(
    made.control.get('web')?.memoryBytes,
    null,
    'nothing is said of new processes before they are read',
  );
  made.clock.advance(1_000);
  made.platform.resourcesOf = () => Promise.reject(new Error('bug'));
  await made.control.refreshResources();
  assert.equal(made.control.get('web')?.memoryBytes, null);
});
