import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually } from '../patience.ts';
import { createMachine, resultOf, startInstance } from './harness.ts';

const bin = new URL('../../../src/bin.ts', import.meta.url).pathname;

test('the program itself: its output, its exit code', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web');
  const [names, missing] = await Promise.all([
    resultOf(machine.start(['get', '-o', 'name'])),
    resultOf(machine.start(['why', 'db'])),
  ]);
  assert.deepEqual(names, { code: 0, out: 'web\n', err: '' });
  assert.deepEqual(missing, { code: 4, out: '', err: 'error: There is no app "db". There are: web.\n' });
});

test('an old Node is told so in one line', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})`;
  const { code, out, err } = await resultOf(spawn(process.execPath, ['--import', pretend, bin, 'get']));
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, /^drowse needs Node 24 or newer; this is v\S+ \(\/.*\)\.\n$/);
});

test('logs follow until Ctrl-C, and end quietly when nobody reads any more', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web');
  control.write('one');
  const child = machine.start(['logs', '-f', '--tail', '5', 'web']);
  const result = resultOf(child);
  await eventually(
    () => control.listeners.logs === 1,
    () => 'it follows',
  );
  control.write('two');
  await once(child.stdout, 'data');
  const unread = machine.start(['logs', '-f', 'web']);
  const unreadResult = resultOf(unread);
  await eventually(
    () => control.listeners.logs === 2,
    () => 'the other follows',
  );
  unread.stdout.destroy();
  const forgotten = (): boolean => {
    control.write('more');
    return control.listeners.logs < 2;
  };
  await eventually(forgotten, () => 'the one that nobody reads is still followed');
  const { code, err } = await unreadResult;
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  child.kill('SIGINT');
  const followed = await result;
  assert.equal(followed.code, 0, followed.err);
  assert.ok(followed.out.startsWith('one\ntwo\n'));
});

test('get -w writes a line for each change where the output is no terminal', async (context) => {
  const machine = createMachine(context);
  const { control, server } = await startInstance(context, machine);
  control.set('web');
  control.set('other');
  const child = machine.start(['get', '-w', 'web']);
  const result = resultOf(child);
  await once(child.stdout, 'data');
  control.enter('other', 'waking');
  control.enter('web', 'waking');
  await once(child.stdout, 'data');
  control.set('web', { inFlight: 5 });
  control.remove('web');
  await once(child.stdout, 'data');
  await server.close();
  const { code, out } = await result;
  assert.equal(code, 3, 'the Drowse that it watched has ended');
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+Z /, '')),
    ['web asleep', 'web waking', 'web removed'],
  );
});

test('completions for bash are sound, and know commands, options, values and apps', async () => {
  const script = `
    drowse() { node ${JSON.stringify(bin)} "$@"; }
    source <(drowse completion bash)
    drowse() { shift 3; printf 'web\\nocr\\n'; [ $# -eq 0 ] || printf 'of:%s' "$1=$2"; }
    try() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _drowse; echo "\${COMPREPLY[*]}"; }
    try drowse wa
    try drowse why ''
    try drowse get -o y
    try drowse get --output = y
    try drowse get --output =
    try drowse logs --f
    try drowse logs -f w
    try drowse completion z
    try drowse help wa
    try drowse --url http://x why ''
    try drowse why -f b.yaml w
    try drowse why --file = b.yaml o
    try drowse nonsense ''
  `;
  const { code, out, err } = await resultOf(spawn('bash', ['--norc', '-euc', script]));
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.deepEqual(out.split('\n').slice(0, -1), [
    'wake',
    'web ocr',
    'yaml',
    'yaml',
    'table wide json yaml name',
    '--follow --file',
    'web',
    'zsh',
    'wake',
    'web ocr of:--url=http://x',
    'web',
    'ocr of:--file=b.yaml',
    '',
  ]);
});
