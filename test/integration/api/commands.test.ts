import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, UnreachableError, createClient } from '../../../src/api/client.ts';
import { ask, startApi, token } from './harness.ts';
import { eventually } from '../patience.ts';

const failure = { code: 'exited', message: 'It ended with 3.', output: ['boom'], permanent: false } as const;

async function problemOf(answer: Promise<unknown>) {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, String(error));
  return error.problem;
}

test('commands reach the control loop with what was asked and who asked', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  await client.wake('web', { replicas: 3 });
  await client.wake('web');
  await client.sleep('web');
  await client.pin('web', { until: '2999-01-01T00:00:00+01:00' });
  await client.pin('web');
  await client.unpin('web');
  const by = 'tester';
  assert.deepEqual(control.commands, [
    { command: 'wake', name: 'web', by, value: 3 },
    { command: 'wake', name: 'web', by, value: null },
    { command: 'sleep', name: 'web', by, value: undefined },
    { command: 'pin', name: 'web', by, value: Date.UTC(2998, 11, 31, 23) },
    { command: 'pin', name: 'web', by, value: null },
    { command: 'unpin', name: 'web', by, value: undefined },
  ]);
});

test("a command without a body is a command with an empty one; without a name it is the API's", async (context) => {
  const { url, control } = await startApi(context);
  control.set('web');
  const answer = await ask(url, '/api/v1/apps/web/wake', { method: 'POST' });
  assert.equal(answer.status, 202, answer.body);
  assert.equal(control.commands[0]?.by, 'API');
});

test('202 while the effect is to come, 200 when it is there', async (context) => {
  const { url, control } = await startApi(context);
  control.set('web', { phase: 'awake' });
  assert.equal((await ask(url, '/api/v1/apps/web/wake', { method: 'POST' })).status, 200);
  assert.equal((await ask(url, '/api/v1/apps/web/sleep', { method: 'POST' })).status, 202);
});

test('a pin needs a time that makes sense', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  for (const until of ['2020-01-01T00:00:00Z', 'tomorrow', '2999-01-01T00:00:00', '2999-13-01T00:00:00Z']) {
    assert.equal((await problemOf(client.pin('web', { until }))).code, 'bad-request', until);
  }
  assert.equal(
    (await problemOf(client.pin('web', { until: '2999-01-01T00:00:00Z', forMs: 5 }))).code,
    'bad-request',
  );
  assert.deepEqual(control.commands, []);
});

test('a Drowse that is about to end says so, and the app is not to blame', async (context) => {
  const { client, control } = await startApi(context, { isEnding: () => true });
  control.set('web');
  control.onCommand = () => ({ ok: false, code: 'conflict', message: 'Drowse is shutting down.' });
  const problem = await problemOf(client.wake('web'));
  assert.equal(problem.code, 'shutting-down');
  assert.equal(problem.status, 503);
});

test('a command that the state does not allow is a conflict', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  control.onCommand = () => ({ ok: false, code: 'conflict', message: 'Pinned by ada.' });
  for (const command of [client.sleep('web'), client.sleep('web', { wait: true }), client.unpin('web')]) {
    const problem = await problemOf(command);
    assert.equal(problem.code, 'conflict');
    assert.equal(problem.detail, 'Pinned by ada.');
  }
});

test('waiting ends when the app is awake', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  let settled = false;
  const waiting = client.wake('web', { wait: true }).finally(() => {
    settled = true;
  });
  await eventually(
    () => control.commands.length === 1,
    () => 'the command arrives',
  );
  control.enter('web', 'waking');
  control.set('other', { phase: 'awake' });
  await client.version();
  assert.equal(settled, false);
  control.enter('web', 'awake');
  assert.equal((await waiting).state, 'awake');
  assert.equal(control.listeners.changes, 1, 'the wait does not listen any more');
});

test('waiting ends when the wake fails, also within the command itself', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  control.onCommand = (_command, name) => {
    control.enter(name, 'waking');
    control.enter(name, 'failed', { failure: { cause: failure, retryAtWallMs: null } });
    return { ok: true };
  };
  const problem = await problemOf(client.wake('web', { wait: true }));
  assert.equal(problem.code, 'wake-failed');
  assert.equal(problem.detail, 'It ended with 3.');
  assert.deepEqual(problem.failure?.output, ['boom']);
});

test('an app that had failed before is given its new chance', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web', { phase: 'failed', failure: { cause: failure, retryAtWallMs: null } });
  control.onCommand = (_command, name) => {
    // The command is told of before the state moves on.
    control.set(name);
    control.enter(name, 'waking', { failure: null });
    return { ok: true };
  };
  const waiting = client.wake('web', { wait: true });
  await eventually(
    () => control.commands.length === 1,
    () => 'the command arrives',
  );
  control.enter('web', 'awake');
  assert.equal((await waiting).state, 'awake');
});

test('waiting has an end: timed out, or the app is removed', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web', { phase: 'waking' });
  assert.equal((await problemOf(client.wake('web', { wait: true, timeoutMs: 20 }))).code, 'timed-out');
  const waiting = problemOf(client.wake('web', { wait: true }));
  await eventually(
    () => control.commands.length === 2,
    () => 'the command arrives',
  );
  control.remove('web');
  assert.equal((await waiting).code, 'no-such-app');
});

test('who stops waiting is forgotten at once', async (context) => {
  const { url, control } = await startApi(context);
  control.set('web');
  const impatient = createClient({ url, token, timeoutMs: 60_000 }).wake('web', { wait: true, timeoutMs: 1 });
  await assert.rejects(impatient, (error) => error instanceof ApiError && error.problem.code === 'timed-out');
  const aborted = new AbortController();
  const gone = fetch(`${url}/api/v1/apps/web/wake`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"wait":true}',
    signal: aborted.signal,
  });
  await eventually(
    () => control.listeners.changes === 2,
    () => 'the wait listens',
  );
  aborted.abort();
  await assert.rejects(gone);
  await eventually(
    () => control.listeners.changes === 1,
    () => 'the wait is forgotten',
  );
});

test('the client tells a Drowse that is not there from one that says no', async (context) => {
  const { url, server, control } = await startApi(context);
  control.set('web');
  const stranger = createClient({ url, token: null });
  assert.equal((await problemOf(stranger.apps())).code, 'unauthorized');
  await server.close();
  await assert.rejects(
    stranger.apps(),
    (error) => error instanceof UnreachableError && error.code === 'ECONNREFUSED',
  );
});
