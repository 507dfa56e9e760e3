import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { examine, examineMachine } from './doctor.ts';
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

test('what a machine lacks is said', () => {
  assert.deepEqual(
    examineMachine('linux').map(({ level }) => level),
    ['ok'],
  );
  const [finding] = examineMachine('darwin');
  assert.equal(finding?.level, 'warning');
  for (const lack of [/memory and CPU of apps are unknown/, /left over .* neither recognised nor ended/])
    assert.match(finding.message, lack);
});
