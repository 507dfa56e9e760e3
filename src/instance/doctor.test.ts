import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { examine } from './doctor.ts';
import { examineOpenFiles, examinePlatform, examineState } from './doctor/machine.ts';
import { instant } from '../api/map/instant.ts';
import { formatInstant } from '../cli/support/format.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const failure = {
  code: 'command-not-found',
  message: 'There is no such program.',
  output: [],
  permanent: true,
} as const;

test('one finding for a program that is not there, whether it was tried or not', async () => {
  const made = new ControlWorld();
  const program = (name: string, file: string) =>
    localApp({ name, command: { kind: 'argv', argv: [file] }, cwd: tmpdir(), sleepAfterMs: 60_000 });
  await made.control.apply([program('absent', 'no-such-program-here'), program('sound', process.execPath)]);
  const checks = async () =>
    (await examine(made.control, tmpdir()))
      .filter(({ app }) => app !== null)
      .map(({ app, level, check }) => `${app} ${level} ${check}`);
  assert.deepEqual(await checks(), ['absent error command', 'sound ok app']);
  made.visit('absent');
  made.platform.crash('absent', failure);
  assert.equal(made.phase('absent'), 'failed');
  assert.deepEqual(await checks(), ['absent error command', 'sound ok app']);
  made.visit('sound');
  made.platform.crash('sound', { ...failure, code: 'target-port-in-use' });
  assert.deepEqual(await checks(), ['absent error command', 'sound error wake']);
});

test('an app whose last start failed is a warning until all is well again', async () => {
  const made = new ControlWorld();
  const command = { kind: 'argv', argv: [process.execPath] } as const;
  await made.control.apply([localApp({ command, cwd: tmpdir(), sleepAfterMs: 60_000 })]);
  const found = async () =>
    (await examine(made.control, tmpdir()))
      .filter(({ app }) => app !== null)
      .map(({ level, message }) => `${level} ${message}`);
  const exited = { code: 'exited', message: 'It ended.', output: [], permanent: false } as const;
  made.control.wake('web', null, 'me');
  made.platform.crash('web', exited);
  assert.deepEqual(await found(), ['error It ended.']);
  const at = formatInstant(instant(made.clock.wallMs()), new Date().toISOString());
  made.control.sleep('web', 'me');
  assert.deepEqual(await found(), [`warning It failed at ${at}, and it has not served since: It ended.`]);
  made.control.wake('web', null, 'me');
  made.platform.crash('web', exited);
  made.control.wake('web', null, 'me');
  made.platform.ready('web');
  assert.deepEqual(await found(), ['ok Nothing to complain about.'], 'somebody has forgiven what was before');
  made.platform.crash('web', exited);
  made.clock.advance(2_000);
  made.platform.ready('web');
  const [unstable] = await found();
  assert.match(
    unstable ?? '',
    /^warning It failed at [^Z]*\d\d:\d\d, and it has not served for long: It ended\.$/,
  );
  made.clock.advance(60_000);
  assert.deepEqual(await found(), ['ok Nothing to complain about.']);
});

test('a start that may outlast the patience of visitors is a warning', async () => {
  const made = new ControlWorld();
  const command = { kind: 'argv', argv: [process.execPath] } as const;
  const hold = { max: 100, timeoutMs: 30_000, waitingPage: false };
  const slow = localApp({ command, cwd: tmpdir(), sleepAfterMs: 60_000, hold, startTimeoutMs: 60_000 });
  await made.control.apply([slow]);
  const found = (await examine(made.control, tmpdir())).filter(({ app }) => app !== null);
  assert.deepEqual(found, [
    {
      level: 'warning',
      check: 'hold-timeout',
      app: 'web',
      message:
        'Visitors wait for 30 s, and a start may take 60 s: the first ones may get a 504 while it starts.',
      cure: 'Make `hold.timeout` as long as `startTimeout`.',
    },
  ]);
});

test('the limit of open files is told where it is too low for what may be held', () => {
  const limits =
    'Max file size   unlimited\nMax open files            1024                 4096                 files\n';
  const [finding] = examineOpenFiles(limits, 1_000);
  assert.match(finding?.message ?? '', /may open 1024 files, enough for some 512 connections/);
  assert.deepEqual(examineOpenFiles(limits, 512), []);
  assert.deepEqual(examineOpenFiles(null, 1_000_000), [], 'what is not known is no finding');
});

test('a platform that lacks something, and a state directory that nobody may write', async () => {
  assert.equal(examinePlatform('linux').level, 'ok');
  const elsewhere = examinePlatform('darwin');
  assert.equal(elsewhere.level, 'warning');
  for (const lack of [/memory and CPU of apps are unknown/, /left over .* neither recognised nor ended/])
    assert.match(elsewhere.message, lack);
  assert.equal((await examineState(tmpdir())).level, 'ok');
  const missing = await examineState('/no/such/folder');
  assert.equal(missing.level, 'error');
  assert.match(missing.cure ?? '', /--state-dir/);
});
