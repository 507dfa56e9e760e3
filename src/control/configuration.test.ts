import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessApp } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const notFound: Failure = {
  code: 'command-not-found',
  message: 'No such command.',
  output: [],
  permanent: true,
};

void test('a changed app keeps its visitors, and follows its new policy', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ sleepAfterMs: 600_000 })]);
  const visitor = made.visit('web');
  made.platform.ready('web');
  const changed = localApp({ sleepAfterMs: 5_000, command: { kind: 'shell', line: 'other' } });
  assert.deepEqual(await made.control.apply([changed]), {
    added: [],
    updated: ['web'],
    removed: [],
    problems: [],
  });
  assert.equal(visitor.state, 'in-flight');
  assert.equal(made.phase('web'), 'awake');
  assert.deepEqual(made.platform.specOf('web'), changed);
  visitor.done();
  made.clock.advance(11_000);
  assert.equal(made.phase('web'), 'draining', 'also an app that was awake already counts its idle time');
});

void test('an unchanged app is left alone', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp()]);
  made.platform.take();
  const again = await made.control.apply([structuredClone(localApp())]);
  assert.deepEqual(again, { added: [], updated: [], removed: [], problems: [] });
  assert.deepEqual(made.platform.take(), []);
});

void test('a larger and a smaller number of replicas take effect while awake', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ minReplicas: 1 })]);
  made.platform.ready('web');
  await made.control.apply([localApp({ minReplicas: 3 })]);
  assert.equal(made.platform.replicasOf('web').length, 3);
  made.platform.ready('web');
  await made.control.apply([localApp({ minReplicas: 1, maxReplicas: 1 })]);
  made.clock.advance(2_000);
  assert.equal(made.platform.replicasOf('web').filter(({ phase }) => phase !== 'terminating').length, 1);
});

void test('a corrected command is started at once where the old one has not served yet, and those held stay held', async () => {
  const made = new ControlWorld();
  const hold = { max: 100, timeoutMs: 60_000, waitingPage: false };
  await made.control.apply([localApp({ hold })]);
  const visitor = made.visit('web');
  made.clock.advance(9_000);
  made.platform.take();
  await made.control.apply([localApp({ hold, command: { kind: 'shell', line: 'corrected' } })]);
  assert.deepEqual(
    made.platform.replicasOf('web').map(({ phase }) => phase),
    ['terminating', 'starting'],
  );
  assert.equal(visitor.state, 'held');
  assert.equal(made.control.get('web')?.attempts, 0);
  made.clock.advance(9_000);
  assert.equal(made.phase('web'), 'waking', 'it has its start time-out for itself');
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
  assert.deepEqual(made.metrics.failures, []);
});

void test('a correction of a failed app is tried at once when somebody wants it', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp()]);
  made.platform.refusals.set('web', notFound);
  made.visit('web');
  assert.equal(made.phase('web'), 'failed');
  made.platform.refusals.clear();
  await made.control.apply([localApp({ command: { kind: 'shell', line: 'better' } })]);
  made.visit('web');
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
});

void test('a removed app ends: its people are answered, its processes stopped, its record forgotten', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp(), localApp({ name: 'other' })]);
  const gate = made.gate('web');
  const visitor = made.visit('web');
  const changes: string[] = [];
  made.control.subscribe(({ type, name }) => changes.push(`${type} ${name}`));
  const { removed } = await made.control.apply([localApp({ name: 'other' })]);
  await new Promise(setImmediate);
  assert.deepEqual(removed, ['web']);
  assert.equal(visitor.state, 'refused');
  assert.equal(gate.usage().held, 0);
  assert.equal(made.platform.has('web'), false);
  assert.equal(made.store.load('web'), null);
  assert.equal(made.control.get('web'), null);
  assert.equal(made.control.logs('web'), null);
  assert.deepEqual(made.control.wake('web', null, 'me'), {
    ok: false,
    code: 'no-such-app',
    message: 'There is no app web.',
  });
  assert.deepEqual(changes, ['removed web']);
});

void test('an app that is removed and configured again begins anew, once the old one is gone', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ minReplicas: 1 })]);
  const applied = [made.control.apply([]), made.control.apply([localApp({ minReplicas: 1 })])];
  await Promise.all(applied);
  assert.equal(made.phase('web'), 'waking');
  assert.deepEqual(made.platform.take(), ['add web', 'scale web 1', 'remove web', 'add web', 'scale web 1']);
  assert.deepEqual(made.log.errors, []);
});

void test('a port that cannot be bound: shown, tried again, and of no concern to the others', async () => {
  const made = new ControlWorld();
  made.dataPath.blocked.add('web');
  const { problems } = await made.control.apply([localApp(), localApp({ name: 'other' })]);
  assert.deepEqual(
    problems.map(({ app, problem }) => `${app} ${problem.code}`),
    ['web EADDRINUSE'],
  );
  const status = made.control.get('web');
  assert.equal(status?.problem?.message, 'port 8080 is taken');
  assert.deepEqual(status?.problem?.address, { host: '127.0.0.1', port: 8080 });
  assert.equal(status?.held, null, 'nobody is heard, so nothing is known of who is there');
  assert.equal(made.visit('other').state, 'held');
  made.dataPath.blocked.clear();
  made.clock.advance(30_000);
  await new Promise(setImmediate);
  assert.equal(made.control.get('web')?.problem, null);
  assert.equal(made.visit('web').state, 'held');
  const messages = made.store
    .journal({ app: 'web', kinds: ['config'], limit: 5 })
    .map(({ message }) => message);
  assert.deepEqual(messages, ['its ports are bound again', 'port 8080 is taken']);
});

void test('a port is tried again at once when the configuration changes', async () => {
  const made = new ControlWorld();
  made.dataPath.blocked.add('web');
  await made.control.apply([localApp()]);
  made.dataPath.blocked.clear();
  const { problems } = await made.control.apply([localApp({ sleepAfterMs: 1 })]);
  assert.deepEqual(problems, []);
  assert.equal(made.visit('web').state, 'held');
});

void test('a new port that cannot be bound: the app goes on as it was', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp()]);
  const visitor = made.visit('web');
  made.platform.ready('web');
  made.dataPath.blocked.add('web');
  const { problems } = await made.control.apply([localApp({ sleepAfterMs: 5_000_000 })]);
  assert.equal(problems.length, 1);
  assert.equal(visitor.state, 'in-flight');
  assert.equal(made.control.get('web')?.inFlight, 1);
});

void test('closing: people are answered, processes stopped, and nothing happens afterwards', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ minReplicas: 1 }), localApp({ name: 'other' })]);
  const visitor = made.visit('other');
  await Promise.all([made.control.close(0), made.control.close(0)]);
  assert.equal(visitor.state, 'refused');
  assert.equal(made.platform.has('web'), false);
  assert.equal(made.clock.timers, 0);
  const late = made.control.wake('web', null, 'me');
  assert.equal(late.ok ? '' : late.code, 'conflict');
  assert.deepEqual((await made.control.apply([localApp({ name: 'third' })])).added, []);
});

void test('what operators said of an app goes with it, at once: not by chance of how long it takes to end', async () => {
  const made = new ControlWorld();
  const ends = slowRemovals(made);
  await made.control.apply([localApp(), localApp({ name: 'other' })]);
  made.control.pin('web', null, 'me');
  await made.control.apply([localApp({ name: 'other' })]);
  assert.equal(made.store.load('web'), null);
  await made.control.apply([localApp(), localApp({ name: 'other' })]);
  ends.get('web')?.();
  await new Promise(setImmediate);
  assert.equal(made.phase('web'), 'asleep');
});

void test('a policy that changes while the app wakes loses nobody, and holds from then on', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ sleepAfterMs: 600_000 })]);
  const before = made.visit('web');
  await made.control.apply([localApp({ sleepAfterMs: 5_000, minReplicas: 0, maxReplicas: 1 })]);
  const after = made.visit('web');
  assert.equal(made.phase('web'), 'waking');
  made.platform.ready('web');
  assert.deepEqual([before.state, after.state], ['in-flight', 'in-flight']);
  before.done();
  after.done();
  made.clock.advance(11_000);
  assert.equal(made.phase('web'), 'draining');
});

/** What the platform is asked to remove, and how that ends. */
function slowRemovals(made: ControlWorld): Map<string, () => void> {
  const ends = new Map<string, () => void>();
  made.platform.remove = (name) =>
    new Promise((resolve) => {
      ends.set(name, () => {
        made.platform.forget(name);
        resolve();
      });
    });
  return ends;
}

function onPort(name: string, target: number): Partial<ProcessApp> {
  return {
    name,
    ports: [{ name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target, protocol: 'auto' }],
  };
}

void test('a renamed app: its visitors are held until the port of its process is free', async () => {
  const made = new ControlWorld();
  const ends = slowRemovals(made);
  await made.control.apply([localApp(onPort('old', 3000))]);
  made.bringUp('old');
  await made.control.apply([localApp(onPort('new', 3000))]);
  const visitor = made.visit('new');
  made.clock.advance(5_000);
  assert.equal(made.phase('new'), 'waking');
  assert.deepEqual(made.platform.replicasOf('new'), []);
  assert.deepEqual(made.control.why('new')?.waitsForEndOf, ['old']);
  ends.get('old')?.();
  await new Promise(setImmediate);
  assert.deepEqual(made.control.why('new')?.waitsForEndOf, []);
  assert.equal(made.platform.replicasOf('new').length, 1, 'in the turn in which it is free');
  made.platform.ready('new');
  assert.equal(visitor.state, 'in-flight');
});

/** Longer than what anybody waits for here. */
const patient = { max: 100, timeoutMs: 600_000, waitingPage: false };

void test('a renamed app: the time of its start does not run while the old one may still end', async () => {
  const made = new ControlWorld();
  const ends = slowRemovals(made);
  const timing = { hold: patient, startTimeoutMs: 2_000, drainTimeoutMs: 60_000 };
  await made.control.apply([localApp({ ...onPort('old', 3000), ...timing })]);
  const first = made.visit('old');
  made.platform.ready('old');
  await made.control.apply([localApp({ ...onPort('new', 3000), ...timing, drainTimeoutMs: 0 })]);
  const second = made.visit('new');
  made.clock.advance(59_000);
  assert.equal(second.state, 'held', 'nothing of it has been started yet');
  first.done();
  await new Promise(setImmediate);
  ends.get('old')?.();
  await new Promise(setImmediate);
  made.platform.ready('new');
  assert.equal(second.state, 'in-flight');
});

void test('an app on a fixed port: the time of its start does not run while its last process may still end', async () => {
  const made = new ControlWorld();
  const stop = { signal: 'SIGTERM', graceMs: 60_000 } as const;
  await made.control.apply([
    localApp({ ...onPort('web', 3000), hold: patient, startTimeoutMs: 2_000, stop }),
  ]);
  made.bringUp('web');
  made.control.sleep('web', 'me');
  const visitor = made.visit('web');
  made.clock.advance(59_000);
  assert.equal(visitor.state, 'held');
});

void test('an app that is configured again while it ends keeps no other edit waiting, nor the end of Drowse', async () => {
  const made = new ControlWorld();
  const ends = slowRemovals(made);
  const needy = { name: 'needy', dependsOn: ['web'] };
  await made.control.apply([localApp({ minReplicas: 1 }), localApp(onPort('other', 3000))]);
  await made.control.apply([localApp(onPort('other', 3000))]);
  await made.control.apply([localApp({ minReplicas: 1 }), localApp(onPort('other', 3001)), localApp(needy)]);
  assert.equal(made.platform.specOf('other').ports[0]?.target, 3001);
  made.visit('needy');
  assert.deepEqual(made.platform.replicasOf('needy'), [], 'what it depends on is still to come');
  ends.get('web')?.();
  await new Promise(setImmediate);
  assert.equal(made.phase('web'), 'waking');
  made.platform.ready('web');
  assert.equal(made.platform.replicasOf('needy').length, 1);
});

void test('apps that are removed together end in order: what others depend on last', async () => {
  const made = new ControlWorld();
  const ends = slowRemovals(made);
  await made.control.apply([localApp({ name: 'db' }), localApp({ dependsOn: ['db'] })]);
  await made.control.apply([]);
  await new Promise(setImmediate);
  assert.deepEqual([...ends.keys()], ['web']);
  ends.get('web')?.();
  await new Promise(setImmediate);
  assert.deepEqual([...ends.keys()], ['web', 'db']);
});
