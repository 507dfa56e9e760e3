import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppDetail, AppList, Doctor, Journal, Version, Why } from '../../../src/api/contract.ts';
import { sinceWallMs } from './fake-control.ts';
import { startApi } from './harness.ts';

/** The server sends what its types say, without a check; here the schemas check it. */
function assertValid(schema: TSchema, value: unknown): void {
  const check = Compile(schema);
  const [, errors] = [check.Check(value), [...check.Errors(value)]];
  assert.deepEqual(errors, []);
}

test('a list of apps follows the contract, and unknown is null', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web', { held: null, inFlight: null });
  control.set('busy', {
    phase: 'awake',
    desired: 2,
    replicas: [
      {
        id: 'r1',
        phase: 'serving',
        addresses: [{ portName: 'main', host: '127.0.0.1', port: 4000 }],
        pid: 7,
        startedAtMs: 5,
        spawnedAtMs: 5,
        readyAtMs: null,
      },
    ],
    held: 0,
    inFlight: 3,
    memoryBytes: 1024,
    cpuSeconds: 0.5,
    next: { what: 'sleep', atWallMs: sinceWallMs + 1000, because: 'idle' },
    pinned: { untilMs: null, by: 'ada' },
    coldStarts: { count: 1, p50Ms: 12.5, p95Ms: 12.5, lastMs: 12.5 },
  });
  const list = await client.apps();
  assertValid(AppList, list);
  const [web, busy] = list.apps;
  assert.equal(web?.since, '2026-01-31T08:00:00.000Z');
  for (const unknown of [
    web?.held,
    web?.inFlight,
    web?.requests,
    web?.memoryBytes,
    web?.lastColdStartMs,
    web?.lastUseAt,
  ]) {
    assert.equal(unknown, null);
  }
  assert.deepEqual(busy?.replicas, { desired: 2, starting: 0, serving: 1, terminating: 0, max: 4 });
  assert.deepEqual(busy?.next, { what: 'sleep', at: '2026-01-31T08:00:01.000Z', because: 'idle' });
  assert.deepEqual(busy?.pinned, { until: null, by: 'ada' });
  assert.equal(busy?.lastColdStartMs, 12.5);
  assert.equal(control.refreshed, 1);
});

test('a description follows the contract and never tells the value of a variable', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  const detail = await client.app('web');
  assertValid(AppDetail, detail);
  assert.deepEqual(detail.settings.runs.kind === 'process' && detail.settings.runs.environment, ['SECRET']);
  assert.doesNotMatch(JSON.stringify(detail), /do-not-tell/);
});

test('why follows the contract', async (context) => {
  const { client, control } = await startApi(context);
  const visitor = {
    client: '10.0.0.7:4711',
    protocol: 'http',
    port: 'main',
    method: 'GET',
    path: '/x',
    sinceMs: 0,
  } as const;
  const cause = { code: 'exited', message: 'It ended.', output: ['oops'], permanent: false } as const;
  control.whyOf = () => ({
    wokenBy: { atWallMs: sinceWallMs, cause: 'request', by: null, visitor },
    sleptBecause: 'after 20 s without use',
    held: [visitor],
    inFlight: [visitor, { ...visitor, userAgent: 'curl/8' }],
    lastUse: visitor,
    lastFailure: { cause, atWallMs: sinceWallMs, recoveredAtWallMs: sinceWallMs },
    waitsForEndOf: ['old'],
  });
  control.set('web', {
    phase: 'awake',
    keptAwakeBy: [{ code: 'in-flight', message: 'Two requests are in flight.' }],
  });
  const why = await client.why('web');
  assertValid(Why, why);
  assert.equal(why.wokenBy?.visitor?.client, '10.0.0.7:4711');
  assert.equal(why.wokenBy?.visitor?.userAgent, null);
  assert.equal(why.sleptBecause, 'after 20 s without use');
  assert.equal(why.inFlight[1]?.userAgent, 'curl/8');
  assert.equal(why.lastFailure?.failure.code, 'exited');
  assert.equal(why.lastFailure?.recoveredAt, '2026-01-31T08:00:00.000Z');
  assert.deepEqual(why.waitsForEndOf, ['old']);
  assert.ok(why.hints.some((hint) => hint.includes('noWake')));
});

test('the journal is filtered, newest first, and forgives words of an earlier version', async (context) => {
  const { client, control } = await startApi(context);
  for (const [index, app] of ['web', 'db', 'web'].entries()) {
    control.entries.push({
      wallMs: sinceWallMs + index,
      app,
      kind: 'transition',
      from: 'asleep',
      to: 'dozing',
      message: `no ${index}`,
    });
  }
  control.entries.push({
    wallMs: sinceWallMs,
    app: 'web',
    kind: 'operator',
    message: 'pin',
    detail: { by: 'ada' },
  });
  const all = await client.journal();
  assertValid(Journal, all);
  assert.equal(all.entries.length, 4);
  assert.deepEqual(all.entries[0]?.detail, { by: 'ada' });
  const some = await client.journal({ app: 'web', kind: 'transition', limit: 1 });
  assert.deepEqual(
    some.entries.map(({ message, from, to }) => ({ message, from, to })),
    [{ message: 'no 2', from: 'asleep', to: null }],
  );
});

test('doctor and version follow the contract', async (context) => {
  const finding = { level: 'warning', check: 'state', app: null, message: 'm', cure: 'c' } as const;
  const { client } = await startApi(context, { doctor: async () => [finding] });
  const doctor = await client.doctor();
  assertValid(Doctor, doctor);
  assert.deepEqual(doctor.findings, [finding]);
  const version = await client.version();
  assertValid(Version, version);
  assert.equal(version.version, '1.2.3');
  assert.equal(version.instance, 'abc123');
});

test('names of any kind reach the app that they mean', async (context) => {
  const { client, control } = await startApi(context);
  for (const name of ['a b', 'ä/ö', '%41', 'x?y#z', 'x'.repeat(150)]) {
    control.set(name);
    assert.equal((await client.app(name)).app.name, name);
  }
});

test('the address to listen on stays as it was given, also where it is taken', async (context) => {
  const { server, url } = await startApi(context);
  const { port } = new URL(url);
  const address = { host: '127.0.0.1', port: Number(port) };
  await assert.rejects(server.listen(address));
  assert.deepEqual(address, { host: '127.0.0.1', port: Number(port) });
});
