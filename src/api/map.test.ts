import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppSpec, ProcessApp } from '../core/app.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import type { AppSettings, ProcessSettings } from './contract.ts';
import { createMapper } from './map.ts';
import { instant } from './map/instant.ts';
import type { AppStatus } from './ports.ts';
import { localApp } from '../testing/local-app.ts';
import { workloadApp } from '../testing/workload-app.ts';

const clock = new FakeClock(10_000, Date.UTC(2026, 0, 31, 8));

const status: AppStatus = {
  spec: localApp({ command: { kind: 'argv', argv: ['run it', '--name', "o'hara", '--port=${PORT}'] } }),
  phase: 'awake',
  sinceWallMs: clock.wallMs(),
  cause: { kind: 'timer' },
  desired: 1,
  saved: 1,
  replicas: [
    {
      id: 'r',
      phase: 'starting',
      addresses: [],
      pid: null,
      startedAtMs: 7_000,
      spawnedAtMs: null,
      readyAtMs: null,
    },
  ],
  held: 0,
  inFlight: 0,
  lastUseAtWallMs: null,
  counters: null,
  memoryBytes: null,
  cpuSeconds: null,
  coldStarts: { count: 0, p50Ms: null, p95Ms: null, lastMs: null },
  lastColdStart: null,
  keptAwakeBy: [],
  next: null,
  pinned: { untilMs: Infinity, by: 'ada' },
  failure: null,
  attempts: 0,
  problem: null,
  dependsOn: [],
};

test('monotonic times become instants by the distance from now', () => {
  const { replicas } = createMapper(clock).detail({ status, startAdvice: null });
  assert.equal(replicas[0]?.startedAt, '2026-01-31T07:59:57.000Z');
  assert.equal(replicas[0]?.readyAt, null);
});

test('when an app is ready, when it is kept up or down, and what does not wake it, in words', () => {
  const settings = (spec: Partial<ProcessApp>) => settingsOf(localApp(spec));
  const ready = (readiness: ProcessApp['readiness']) => processOf(localApp({ readiness })).ready;
  assert.equal(ready({ kind: 'tcp' }), 'its port accepts a connection');
  const http = { kind: 'http', path: '/health' } as const;
  assert.equal(ready({ ...http, status: null }), 'GET /health is answered 200 to 399');
  assert.equal(ready({ ...http, status: 204 }), 'GET /health is answered 204');
  assert.equal(ready({ kind: 'log', pattern: 'up on \\d+' }), 'it writes a line that matches up on \\d+');
  const command = { kind: 'argv', argv: ['pg_isready', '-q'] } as const;
  assert.equal(ready({ kind: 'command', command }), '`pg_isready -q` exits with 0');
  const answer = { status: 503, body: '', contentType: 'text/plain' };
  const noWake = [
    { path: '/static/*', methods: ['GET', 'HEAD'], userAgent: 'bot', sources: ['10.0.0.0/8'], answer },
  ];
  const window = { days: [1], fromMinute: 0, toMinute: 60, timeZone: 'UTC' };
  const schedule = [
    { effect: 'awake', refuse: false, window, source: 'Mon 00:00-01:00 UTC' },
    { effect: 'asleep', refuse: true, window, source: 'Mon 00:00-01:00 UTC' },
  ] as const;
  assert.deepEqual(settings({ schedule }).schedule, [
    'awake Mon 00:00-01:00 UTC',
    'asleep Mon 00:00-01:00 UTC, and requests are refused',
  ]);
  assert.deepEqual(settings({ noWake }).noWake, ['GET or HEAD /static/* with bot from 10.0.0.0/8: 503']);
});

test('a port that cannot be had is told of the app', () => {
  const problem = {
    code: 'EADDRINUSE',
    message: 'Port 80 is taken.',
    address: null,
    retryAtWallMs: clock.wallMs() + 5_000,
  };
  assert.deepEqual(createMapper(clock).app({ ...status, problem }).listenProblem, {
    code: 'EADDRINUSE',
    message: 'Port 80 is taken.',
    retryAt: '2026-01-31T08:00:05.000Z',
  });
});

test('a command is shown as one would type it', () => {
  assert.equal(processOf(status.spec).command, `'run it' --name 'o'\\''hara' '--port=\${PORT}'`);
});

test('a workload is shown by what it is', () => {
  const target = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'shop', name: 'db' };
  assert.deepEqual(settingsOf(workloadApp({ target })).runs, { kind: 'workload', target });
});

function settingsOf(spec: AppSpec): AppSettings {
  return createMapper(clock).detail({ status: { ...status, spec }, startAdvice: null }).settings;
}

function processOf(spec: AppSpec): ProcessSettings {
  const { runs } = settingsOf(spec);
  assert.ok(runs.kind === 'process');
  return runs;
}

test('an instant beyond all dates does not break the answer', () => {
  assert.equal(createMapper(clock).app(status).pinned?.until, '+275760-09-13T00:00:00.000Z');
  assert.equal(instant(-Infinity), '-271821-04-20T00:00:00.000Z');
});
