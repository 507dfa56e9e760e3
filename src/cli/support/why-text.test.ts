import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App, Visitor, Why } from '../../api/contract.ts';
import { whyText } from './why-text.ts';

const now = new Date('2026-01-31T12:30:00').toISOString();
const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();

const asleep: App = {
  name: 'ocr',
  state: 'asleep',
  since: before(600_000),
  replicas: { desired: 0, starting: 0, serving: 0, terminating: 0, max: 1 },
  next: null,
  pinned: null,
  held: 0,
  inFlight: 0,
  requests: 0,
  connections: 0,
  lastUseAt: null,
  memoryBytes: null,
  cpuSeconds: null,
  lastColdStartMs: null,
  ports: [],
  failure: null,
};

const visitor: Visitor = {
  client: '10.0.0.7:4711',
  protocol: 'http',
  port: 'main',
  method: 'POST',
  path: '/read',
  userAgent: 'curl/8.0',
  since: before(2000),
};

function why(app: Partial<App>, changes: Partial<Why> = {}): string[] {
  return whyText({
    now,
    app: { ...asleep, ...app },
    wokenBy: null,
    keptAwakeBy: [],
    attempts: 0,
    dependsOn: [],
    dependents: [],
    lastUse: null,
    held: [],
    inFlight: [],
    coldStart: null,
    lastFailure: null,
    hints: [],
    ...changes,
  });
}

test('asleep, and nobody has come yet', () => {
  assert.deepEqual(why({}), [
    'ocr is asleep since 12:20 (10m).',
    'Nobody has woken it since Drowse started.',
    'It wakes when somebody connects.',
  ]);
});

test('awake: who woke it, who uses it, what keeps it awake, when it sleeps', () => {
  const awake = why(
    { state: 'awake', inFlight: 12, next: { what: 'sleep', at: before(-900_000), because: 'idle' } },
    {
      wokenBy: { at: before(5000), cause: 'request', by: null, visitor },
      inFlight: Array.from({ length: 12 }, (_, index) => ({ ...visitor, client: `10.0.0.${index}:1` })),
      keptAwakeBy: [{ code: 'in-flight', message: '12 requests are in flight.' }],
      coldStart: {
        at: null,
        wakeMs: 0.2,
        spawnMs: 3.14,
        readyMs: 2000,
        releaseMs: 0,
        firstByteMs: 96.66,
        totalMs: 2100,
      },
      hints: ['drowse sleep ocr'],
    },
  );
  assert.equal(awake[0], 'ocr is awake since 12:20 (10m).');
  assert.equal(awake[1], 'Woken 5s ago by POST /read from 10.0.0.7:4711 with curl/8.0.');
  assert.equal(awake[2], '12 are using it:');
  assert.equal(awake[3], '    POST /read from 10.0.0.2:1 with curl/8.0, for 2s');
  assert.equal(awake[13], '    and 2 more');
  assert.deepEqual(awake.slice(14), [
    'What keeps it awake:',
    '    12 requests are in flight.',
    'If nothing else happens it goes to sleep in 15m, at 12:45 (idle).',
    'Its last cold start took 2.1s: 0.2ms until it was asked to start, 3.1ms to spawn, 2s until ready, 0ms to release, 97ms to the first byte.',
    'What you can do:',
    '    drowse sleep ocr',
  ]);
});

test('failed: the cause with its output, and when it is tried again', () => {
  const failure = {
    code: 'exited',
    message: 'It ended with 3.',
    output: ['one', 'two'],
    permanent: false,
    retryAt: before(-4000),
  };
  const text = why(
    { state: 'failed', failure },
    { attempts: 3, keptAwakeBy: [{ code: 'recent-use', message: 'not shown' }] },
  );
  assert.deepEqual(text.slice(1, 5), [
    'The cause: It ended with 3. [exited] 3 attempts in a row have failed.',
    '    | one',
    '    | two',
    'It is tried again in 4s.',
  ]);
  assert.ok(!text.some((line) => line.includes('not shown')));
  const forever = why({ state: 'failed', failure: { ...failure, retryAt: null, permanent: true } });
  assert.ok(forever.includes('It is not tried again by itself.'));
});

test('what is not known is said to be not known', () => {
  assert.ok(why({ held: null }).includes('Who is waiting for it is not known.'));
});

const woken = (cause: NonNullable<Why['wokenBy']>['cause'], by: string | null, seen: Visitor | null) =>
  why({}, { wokenBy: { at: null, cause, by, visitor: seen } })[1];

test('a visitor over TCP has no path, and every cause of a wake has its sentence', () => {
  const tcp: Visitor = { ...visitor, protocol: 'tcp', method: null, path: null, userAgent: null };
  assert.equal(
    woken('request', null, tcp),
    'Last woken by a TCP connection from 10.0.0.7:4711 on port main.',
  );
  assert.equal(woken('request', null, null), 'Last woken by a visitor.');
  assert.equal(woken('operator', 'ada', null), 'Last woken by ada.');
  assert.equal(
    woken('schedule', 'Mon-Fri 08:00-20:00', null),
    'Last woken by its schedule: Mon-Fri 08:00-20:00.',
  );
  assert.equal(woken('dependent', 'web', null), 'Last woken because web needs it.');
  assert.equal(woken('configuration', null, null), 'Last woken by its configuration.');
});

test('what strangers send cannot command the terminal', () => {
  const evil = { ...visitor, path: '/\u001B]0;owned\u0007', userAgent: 'a\nocr is awake\u202E' };
  const text = why({}, { lastUse: evil, inFlight: [], held: [evil] });
  assert.doesNotMatch(text.join(''), /[\p{Cc}\p{Cf}]/u);
});
