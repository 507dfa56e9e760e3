import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { createMapper, instant } from './map.ts';
import type { AppStatus } from './ports.ts';
import { localApp } from '../testing/local-app.ts';

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
  const { replicas } = createMapper(clock).detail(status);
  assert.equal(replicas[0]?.startedAt, '2026-01-31T07:59:57.000Z');
  assert.equal(replicas[0]?.readyAt, null);
});

test('a command is shown as one would type it', () => {
  assert.equal(
    createMapper(clock).detail(status).settings.command,
    `'run it' --name 'o'\\''hara' '--port=\${PORT}'`,
  );
});

test('an instant beyond all dates does not break the answer', () => {
  assert.equal(createMapper(clock).app(status).pinned?.until, '+275760-09-13T00:00:00.000Z');
  assert.equal(instant(-Infinity), '-271821-04-20T00:00:00.000Z');
});
