import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../api/contract.ts';
import { createMapper } from '../api/map.ts';
import type { Problem } from '../config/problem.ts';
import { createLogger } from '../system/logger.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { localApp } from '../testing/local-app.ts';
import { createLines } from './lines.ts';

const clock = new FakeClock();
const now = new Date(clock.wallMs()).toISOString();
const text = createLines('text', clock, { width: null, color: false });
const onTerminal = createLines('text', clock, { width: () => 90, color: false });
const json = createLines('json', clock, { width: null, color: false });

function logged(fields: object, message: string, level: 'info' | 'warn' | 'error' = 'info'): string {
  const records: string[] = [];
  createLogger('info', (record) => records.push(record))[level]({ ...fields }, message);
  return records.join('\n');
}

async function failed(): Promise<App> {
  const made = new ControlWorld();
  await made.control.apply([localApp({ name: 'web' })]);
  made.visit('web');
  const failure = {
    code: 'exited',
    message: 'It ended with 3.',
    output: ['boom'],
    permanent: false,
  } as const;
  for (let tries = 0; tries < 9 && made.phase('web') !== 'failed'; tries += 1) {
    made.platform.crash('web', failure);
    made.clock.advance(1_000);
  }
  const status = made.control.get('web');
  assert.ok(status !== null && status.phase === 'failed');
  return createMapper(made.clock).app(status);
}

test('text: the time, who is spoken of, what there is to say; the time is not for those who read along', () => {
  assert.equal(text.said('info', 'drowse: all apps have ended.'), `${now} drowse: all apps have ended.`);
  assert.equal(onTerminal.said('info', 'drowse: all apps have ended.'), 'drowse: all apps have ended.');
  const narrow = createLines('text', clock, { width: () => 20, color: false });
  assert.equal(narrow.said('info', 'drowse: all apps have ended.'), 'drowse: all apps\nhave ended.');
  assert.equal(text.removed('web'), `${now} web removed`);
  const record = logged({ byMs: 5, app: 'web', at: null }, 'the wall clock jumped', 'warn');
  assert.equal(text.logged(record), `${now} drowse: warning: the wall clock jumped (byMs 5, app web)`);
});

test('an error in the log keeps its message; one that is a bug its stack too', () => {
  const everyday = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  assert.equal(
    onTerminal.logged(logged({ error: everyday }, 'the state could not be written', 'error')),
    'drowse: error: the state could not be written: no space left on device',
  );
  const [first, ...stack] = onTerminal
    .logged(logged({ error: new Error('boom') }, 'a step failed', 'error'))
    .split('\n');
  assert.equal(first, 'drowse: error: a step failed: boom');
  // Where the checkout lies deep the first line of it is wrapped.
  assert.match(stack.join(' '), /^ +at .*lines\.test\.ts/);
  const { error } = JSON.parse(json.logged(logged({ error: everyday }, 'x')));
  assert.equal(error.message, 'no space left on device');
});

test('an app that has failed: why, and when it is tried again', async () => {
  const again = await failed();
  assert.ok(again.failure !== null);
  const retryAt = again.failure.retryAt ?? '';
  const never = { ...again, failure: { ...again.failure, retryAt: null } };
  assert.equal(
    text.changed(again, 'It ended with 3.'),
    `${now} web failed: It ended with 3. Next try at ${retryAt}.`,
  );
  assert.match(text.changed(never, 'It ended.'), /failed: It ended\. It is not tried again by itself\.$/);
  const unwanted = { ...again, replicas: { ...again.replicas, desired: 0 } };
  assert.ok(
    text.changed(unwanted, 'It ended.').endsWith(` Next try when somebody connects, from ${retryAt} on.`),
  );
  const record = JSON.parse(json.changed(again, 'It ended with 3.'));
  assert.deepEqual(
    [record.level, record.time, record.app, record.state, record.because, record.failure.retryAt],
    ['error', now, 'web', 'failed', 'It ended with 3.', retryAt],
  );
});

test('json: every line is an object with level, time and msg', () => {
  const problem: Problem = {
    severity: 'warning',
    file: 'drowse.yaml',
    line: 3,
    column: 5,
    length: 1,
    message: 'unknown key',
    hint: null,
    sourceLine: 'x',
  };
  const all = [
    json.said('info', 'drowse: the end'),
    json.complained([problem, { ...problem, severity: 'error' }]),
    json.logged(logged({ added: ['web'] }, 'hello')),
    json.removed('web'),
  ].join('\n');
  const records = all.split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(
    records.map(({ level, msg }) => [level, msg]),
    [
      ['info', 'the end'],
      ['warn', 'unknown key'],
      ['error', 'unknown key'],
      ['info', 'hello'],
      ['info', 'web removed'],
    ],
  );
  assert.ok(records.every(({ time }) => !Number.isNaN(Date.parse(time))));
  assert.deepEqual([records[1].file, records[1].line, records[1].column], ['drowse.yaml', 3, 5]);
});

test('what strangers chose is printed without what a terminal would obey, and JSON keeps it', async () => {
  const hostile = 'a\u001B]0;owned\u0007b\u009B2Jc\u202Ed\r\n\u007F\u2028';
  const app = { ...(await failed()), name: `web${hostile}` };
  const forbidden = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
  for (const lines of [text, onTerminal, json]) {
    const printed = [
      lines.said('info', `drowse: ${hostile}`),
      lines.logged(logged({ path: hostile }, hostile)),
      lines.changed(app, hostile),
      lines.removed(hostile),
    ];
    for (const line of printed) assert.doesNotMatch(line, forbidden);
  }
  assert.equal(JSON.parse(json.changed(app, hostile)).because, hostile);
});
