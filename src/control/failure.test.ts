import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handoverDefaults } from '../core/handover/defaults.ts';
import type { Failure } from '../core/failure.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const exited: Failure = {
  code: 'exited',
  message: 'It exited with 1.',
  output: ['line one', 'line two'],
  permanent: false,
};
const notFound: Failure = {
  code: 'command-not-found',
  message: 'No serve here.',
  output: [],
  permanent: true,
};

async function world(): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({
      name: 'web',
      sleepAfterMs: 60_000,
      hold: { max: 10, timeoutMs: 600_000, waitingPage: false },
    }),
    localApp({ name: 'other' }),
  ]);
  made.platform.take();
  return made;
}

/** Crashes each attempt until the app has failed. */
function exhaust(made: ControlWorld): void {
  for (let attempt = 1; attempt < handoverDefaults.maxAttempts; attempt += 1) {
    made.platform.crash('web', exited);
    made.clock.advance(handoverDefaults.backOffMs * 2 ** (attempt - 1));
  }
  made.platform.crash('web', exited);
}

void test('a bad start is tried again after a back-off, with the visitor still held', async () => {
  const made = await world();
  const visitor = made.visit('web');
  made.platform.crash('web', exited);
  assert.equal(visitor.state, 'held');
  assert.equal(made.control.get('web')?.failure?.cause.code, 'exited');
  assert.equal(
    made.control.get('web')?.failure?.retryAtWallMs,
    made.clock.wallMs() + handoverDefaults.backOffMs,
  );
  const last = () => made.control.why('web')?.lastFailure;
  assert.equal(last()?.recoveredAtWallMs, null);
  made.platform.take();
  made.clock.advance(handoverDefaults.backOffMs - 1);
  assert.deepEqual(made.platform.take(), []);
  made.clock.advance(1);
  assert.deepEqual(made.platform.take(), ['scale web 1']);
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
  assert.equal(made.control.get('web')?.failure, null);
  assert.equal(last()?.cause.code, 'exited');
  const recoveredAtWallMs = made.clock.wallMs();
  assert.equal(last()?.recoveredAtWallMs, recoveredAtWallMs);
  made.clock.advance(1_000);
  assert.equal(last()?.recoveredAtWallMs, recoveredAtWallMs, 'that it goes on serving is nothing new');
  made.platform.crash('web', exited);
  assert.equal(last()?.recoveredAtWallMs, null);
});

void test('whose time to wait runs out between two attempts is told what the last one failed for', async () => {
  const made = new ControlWorld();
  const timeoutMs = handoverDefaults.backOffMs + 5_000;
  await made.control.apply([localApp({ name: 'web', hold: { max: 10, timeoutMs, waitingPage: false } })]);
  const visitor = made.visit('web');
  made.platform.crash('web', exited);
  made.clock.advance(handoverDefaults.backOffMs);
  assert.equal(made.phase('web'), 'waking', 'the next attempt is under way');
  made.clock.advance(timeoutMs);
  assert.equal(visitor.why?.code, 'hold-timeout');
  assert.equal(
    visitor.why?.message,
    `The app did not become available within ${timeoutMs / 1000} s. Its last start failed: It exited with 1.`,
  );
  assert.deepEqual(visitor.why?.output, exited.output);
});

void test('a failure that is over is nothing to those who wait for the next start', async () => {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({
      name: 'web',
      sleepAfterMs: 60_000,
      hold: { max: 10, timeoutMs: 5_000, waitingPage: false },
    }),
  ]);
  made.visit('web').leave();
  made.platform.crash('web', exited);
  made.clock.advance(handoverDefaults.backOffMs);
  made.platform.ready('web');
  made.clock.advance(3_600_000);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
  const visitor = made.visit('web');
  made.clock.advance(6_000);
  assert.equal(visitor.why?.message, 'The app did not become available within 5 s.');
  assert.deepEqual(visitor.why?.output, []);
});

void test('after so many bad starts the held get the reason, and others come to no harm', async () => {
  const made = await world();
  const visitor = made.visit('web');
  const neighbour = made.visit('other');
  made.platform.ready('other');
  exhaust(made);
  assert.equal(made.phase('web'), 'failed');
  assert.equal(visitor.state, 'refused');
  assert.equal(visitor.why?.code, 'exited');
  assert.deepEqual(visitor.why?.output, exited.output);
  assert.ok((visitor.why?.retryAfterS ?? 0) >= 1);
  assert.deepEqual(made.metrics.failures, ['web exited']);
  assert.equal(
    made.store.journal({ app: 'web', kinds: ['failure'], limit: 10 }).length,
    handoverDefaults.maxAttempts,
  );
  assert.equal(neighbour.state, 'in-flight');
  assert.equal(made.phase('other'), 'awake');
});

void test('after the back-off the next visitor is the next attempt', async () => {
  const made = await world();
  made.visit('web');
  exhaust(made);
  made.control.sleep('web', 'test');
  const early = made.visit('web');
  assert.equal(early.state, 'refused');
  made.clock.advance(handoverDefaults.maxBackOffMs);
  const late = made.visit('web');
  assert.equal(late.state, 'held');
  made.platform.ready('web');
  assert.equal(late.state, 'in-flight');
});

void test('a start that cannot succeed fails at once; an operator says wake when it can', async () => {
  const made = await world();
  made.platform.refusals.set('web', notFound);
  const visitor = made.visit('web');
  assert.equal(visitor.state, 'refused');
  assert.equal(visitor.why?.code, 'command-not-found');
  assert.equal(made.phase('web'), 'failed');
  made.platform.refusals.clear();
  assert.deepEqual(made.control.wake('web', null, 'me'), { ok: true });
  assert.equal(made.phase('web'), 'waking');
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
  assert.equal(made.control.why('web')?.wokenBy?.cause, 'operator');
  assert.equal(made.control.why('web')?.wokenBy?.by, 'me');
});

void test('an app that dies while awake is started again for those who come', async () => {
  const made = await world();
  made.bringUp('web');
  made.clock.advance(handoverDefaults.stableAfterMs + 1);
  made.platform.crash('web', exited);
  const visitor = made.visit('web');
  assert.equal(visitor.state, 'held');
  assert.equal(made.phase('web'), 'waking');
  made.clock.advance(1_000);
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
});

void test('a platform that throws (a bug) is logged, asked again, and harms no other app', async () => {
  const made = await world();
  made.platform.bugs.set('scale', new Error('bug'));
  const visitor = made.visit('web');
  assert.equal(made.log.errors.length, 1);
  assert.equal(made.log.errors[0]?.fields['app'], 'web');
  assert.equal(visitor.state, 'held');
  assert.equal(made.visit('other').state, 'held');
  made.clock.advance(handoverDefaults.reassertMs);
  made.platform.ready('web');
  assert.equal(visitor.state, 'in-flight');
});

void test('a policy that throws (a bug) stops its own app alone, in its state, without a loop', async () => {
  const made = new ControlWorld({
    policyFor: (app) => ({
      start: () => ({ snapshot: null, output: output(app.name === 'bad' ? made.clock.monoMs() : null) }),
      step: (_snapshot, event) => {
        if (app.name === 'bad') throw new Error('bug');
        return { snapshot: null, output: { ...output(null), replicas: event.type === 'request' ? 1 : 0 } };
      },
      explain: () => {
        throw new Error('bug');
      },
    }),
  });
  await made.control.apply([localApp({ name: 'bad' }), localApp({ name: 'good' })]);
  made.clock.advance(10_000);
  assert.ok(made.log.errors.length < 30, `${made.log.errors.length} errors in 10 s`);
  assert.equal(made.control.list().length, 2);
  const visitors = [made.visit('bad'), made.visit('good')];
  made.platform.ready('good');
  assert.equal(visitors[1]?.state, 'in-flight');
  made.platform.ready('bad');
  assert.equal(visitors[0]?.state, 'in-flight', 'the handover wakes for demand, whatever the policy does');
});

function output(atMs: number | null) {
  return {
    replicas: 0,
    deadline: atMs === null ? null : ({ clock: 'mono', atMs } as const),
    armed: [{ validUntilMs: null, action: { kind: 'wake', replicas: 1 } } as const],
  };
}
