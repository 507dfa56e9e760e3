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
  listenProblem: null,
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
    refusal: null,
    wokenBy: null,
    sleptBecause: null,
    keptAwakeBy: [],
    attempts: 0,
    dependsOn: [],
    dependents: [],
    waitsForEndOf: [],
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
    'ocr has been asleep since 12:20 (10m).',
    'Nobody has woken it since Drowse started.',
    'It wakes when somebody connects.',
  ]);
});

test('asleep: why it went to sleep', () => {
  const sleptBecause = 'after 20 s without use';
  assert.equal(why({}, { sleptBecause })[1], 'It went to sleep: after 20 s without use.');
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
  assert.equal(awake[0], 'ocr has been awake since 12:20 (10m).');
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
    { state: 'failed', failure, replicas: { ...asleep.replicas, desired: 1 } },
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
  // `asleep` stands for an app that nobody wants: its replicas desired are 0.
  const unwanted = why({ state: 'failed', failure: { ...failure, retryAt: before(-600_000) } });
  assert.ok(unwanted.includes('It is tried again when somebody connects from 12:40 on.'));
});

const outlook = (app: Partial<App>, changes: Partial<Why> = {}) =>
  why(app, { wokenBy: { at: null, cause: 'configuration', by: null, visitor: null }, ...changes }).slice(2);

test('asleep where its schedule refuses visitors: nobody is told that it wakes for them', () => {
  const refusal = { because: 'Asleep by its schedule: Sat-Sun.', until: before(-3_600_000) };
  assert.deepEqual(outlook({}, { refusal }), [
    'Requests are refused: Asleep by its schedule: Sat-Sun. Requests wake it again in 1h, at 13:30.',
  ]);
  assert.deepEqual(outlook({}, { refusal: { ...refusal, until: null } }), [
    'Requests are refused: Asleep by its schedule: Sat-Sun.',
  ]);
});

test('asleep until a window begins: a visitor wakes it before', () => {
  const next = { what: 'wake', at: before(-1_800_000), because: 'schedule: Mon-Fri' } as const;
  assert.deepEqual(outlook({ next }), [
    'If nothing else happens it wakes in 30m, at 13:00 (schedule: Mon-Fri).',
    'It wakes when somebody connects.',
  ]);
});

test('pinned: until when, in the time of this machine', () => {
  const pinned = { until: before(-60_000), by: 'ada' };
  const keptAwakeBy = [{ code: 'pinned', message: 'Pinned by ada.' }];
  const next = { what: 'sleep', at: pinned.until, because: 'its pin ends' } as const;
  assert.deepEqual(outlook({ state: 'awake', pinned, next }, { keptAwakeBy }), [
    'What keeps it awake:',
    '    Pinned by ada until 12:31, for another 1m.',
    'If nothing else happens it goes to sleep in 1m, at 12:31 (its pin ends).',
  ]);
  const endless = outlook({ state: 'awake', pinned: { until: null, by: 'ada' } }, { keptAwakeBy });
  assert.deepEqual(endless.slice(1), [
    '    Pinned by ada until it is unpinned.',
    'It does not go to sleep before it is unpinned.',
  ]);
});

test('where no time of sleep can be given, the weightiest cause says why', () => {
  const last = (...codes: readonly string[]) =>
    outlook({ state: 'awake' }, { keptAwakeBy: codes.map((code) => ({ code, message: code })) }).at(-1);
  assert.equal(last('in-flight', 'recent-use'), 'Its idle time begins when the last use has ended.');
  assert.equal(last('in-flight', 'never-sleeps'), 'It does not go to sleep by itself.');
  assert.equal(last('dependents', 'recent-use'), 'It can go to sleep when they do.');
  assert.equal(last('min-replicas', 'in-flight'), 'It never goes to sleep.');
  assert.equal(last('schedule'), 'Its schedule keeps it up without end.');
  assert.equal(last('a-code-of-a-later-version'), 'It does not go to sleep by itself.');
});

test('waking: what it has to wait for', () => {
  const dependsOn = [
    { name: 'db', state: 'waking' },
    { name: 'cache', state: 'awake' },
    { name: 'lost', state: null },
  ] as const;
  const text = why({ state: 'waking' }, { dependsOn: [...dependsOn] });
  assert.ok(text.includes('It needs db, which is waking.'));
  assert.ok(text.includes('It needs lost, which there is not.'));
  assert.ok(!text.some((line) => line.includes('cache')));
  assert.ok(!why({ state: 'awake' }, { dependsOn: [...dependsOn] }).some((line) => line.includes('needs')));
});

test('a port that somebody else has comes first: nobody is told that it wakes for visitors', () => {
  const listenProblem = { code: 'EADDRINUSE', message: 'Port 80 is taken.', retryAt: before(-20_000) };
  const text = why({ listenProblem, held: null, inFlight: null });
  assert.deepEqual(text.slice(1, 3), [
    'Nobody can connect to it: Port 80 is taken.',
    'It is tried again in 20s.',
  ]);
  assert.ok(!text.some((line) => /wakes when|not known/.test(line)));
});

test('waking: it says when an app that ends may have its port', () => {
  const waits = 'It starts when old has ended, which is no longer configured and may still have its port.';
  assert.ok(why({ state: 'waking' }, { waitsForEndOf: ['old'] }).includes(waits));
  assert.ok(!why({ state: 'asleep' }, { waitsForEndOf: ['old'] }).includes(waits), 'nothing waits there');
});

test('the last failure: with its output until all is well again, then only that it was', () => {
  const failure = { code: 'exited', message: 'It ended with 3.', output: ['boom'], permanent: false };
  const lastFailure = (recoveredAt: string | null, attempts = 0) =>
    why(
      { state: 'awake' },
      { attempts, lastFailure: { at: before(60_000), failure: { ...failure, retryAt: null }, recoveredAt } },
    ).filter((line) => /failure|\|/.test(line));
  const what = 'Its last failure (1m ago): It ended with 3. [exited]';
  assert.deepEqual(lastFailure(null), [what, '    | boom']);
  assert.deepEqual(lastFailure(before(30_000)), [`${what} All has been well since 12:29.`]);
  assert.deepEqual(lastFailure(before(30_000), 2), [
    `${what} 2 attempts in a row have failed.`,
    '    | boom',
  ]);
});

test('every state says since when', () => {
  const first = (state: App['state']) => why({ state })[0];
  assert.equal(first('failed'), 'ocr failed at 12:20 (10m ago).');
  assert.equal(
    first('draining'),
    'ocr has been going to sleep since 12:20 (10m); what is in flight may finish first.',
  );
  for (const state of ['waking', 'handing-over', 'stepping-in'] as const)
    assert.match(first(state) ?? '', /^ocr has been .* since 12:20 \(10m\)\.$/);
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
  assert.equal(
    woken('adopted', 'ada', null),
    'Last woken by the start of Drowse: it was up, or to come up, when Drowse last ended.',
  );
  assert.equal(woken('configuration', null, null), 'Last woken by its configuration.');
});

test('what strangers send cannot command the terminal', () => {
  const evil = { ...visitor, path: '/\u001B]0;owned\u0007', userAgent: 'a\nocr is awake\u202E' };
  const text = why({}, { lastUse: evil, inFlight: [], held: [evil] });
  assert.doesNotMatch(text.join(''), /[\p{Cc}\p{Cf}]/u);
});
