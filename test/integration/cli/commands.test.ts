import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Finding } from '../../../src/api/ports.ts';
import { createMachine, startInstance } from './harness.ts';

const failure = {
  code: 'exited',
  message: 'It ended with 3.',
  output: ['boom', '\u001B[2Jevil'],
  permanent: false,
} as const;

test('get: a table for people, JSON, YAML and names for programs', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web');
  control.set('ocr', { phase: 'awake', inFlight: 2 });
  const deep = join(machine.folder, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  const [table, json, yaml, names] = await Promise.all([
    machine.run(['get'], { cwd: deep }),
    machine.run(['get', '-o', 'json', 'ocr']),
    machine.run(['get', '-o', 'yaml']),
    machine.run(['get', '-o', 'name']),
  ]);
  assert.equal(table.code, 0, table.err);
  const [title = '', ...rows] = table.out.trimEnd().split('\n');
  assert.match(
    title,
    /^NAME +STATE +REPLICAS +SINCE +NEXT +HELD +IN-FLIGHT +USES +MEM +COLD-START +ADDRESS$/,
  );
  assert.deepEqual(
    rows.map((row) => row.split(/ +/).slice(0, 2)),
    [
      ['web', 'asleep'],
      ['ocr', 'awake'],
    ],
  );
  const list: { apps: { name: string; inFlight: number }[] } = JSON.parse(json.out);
  assert.deepEqual(
    list.apps.map(({ name, inFlight }) => ({ name, inFlight })),
    [{ name: 'ocr', inFlight: 2 }],
  );
  assert.equal(parse(yaml.out).apps.length, 2);
  assert.equal(names.out, 'web\nocr\n');
});

test('an app that is not there ends with 4, and the nearest name is told', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web');
  for (const result of await Promise.all([machine.run(['why', 'wed']), machine.run(['get', 'wed'])])) {
    assert.equal(result.code, 4);
    assert.equal(result.out, '');
    assert.equal(result.err, 'error: There is no app "wed". Did you mean "web"?\n');
  }
});

test('why and describe read like a person wrote them', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web', { keptAwakeBy: [{ code: 'pinned', message: 'Pinned by ada.' }], phase: 'awake' });
  const [why, describe] = await Promise.all([machine.run(['why', 'web']), machine.run(['describe', 'web'])]);
  assert.match(why.out, /^web has been awake since .*\nWhat keeps it awake:\n {4}Pinned by ada\.\n/m);
  assert.match(describe.out, /Environment: +SECRET \(values are not shown\)/);
  assert.doesNotMatch(describe.out, /^Start:/m);
  const startAdvice = 'The process listens on 3000; write `port: 8080:3000`.';
  control.whyOf = () => ({ startAdvice });
  const advised = await Promise.all([machine.run(['why', 'web']), machine.run(['describe', 'web'])]);
  for (const { out } of advised) assert.ok(out.includes(startAdvice), out);
});

test('wake --wait: 0 when awake, 6 with the output when it failed, 5 when it takes too long', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  for (const name of ['good', 'bad', 'slow']) control.set(name);
  control.onCommand = (_command, name) => {
    if (name !== 'slow') control.enter(name, 'waking');
    if (name === 'good') control.enter(name, 'awake');
    if (name === 'bad') control.enter(name, 'failed', { failure: { cause: failure, retryAtWallMs: null } });
    return { ok: true };
  };
  const [good, bad, slow] = await Promise.all([
    machine.run(['wake', 'good', '--wait', '--replicas', '2']),
    machine.run(['wake', 'bad', '--wait']),
    machine.run(['wake', 'slow', '--timeout', '1s']),
  ]);
  assert.deepEqual(good, { code: 0, out: 'good is awake.\n', err: '' });
  assert.deepEqual(bad, { code: 6, out: '', err: 'error: It ended with 3.\n  | boom\n  | evil\n' });
  assert.equal(slow.code, 5);
  assert.match(slow.err, /^error: slow is not awake yet: it is asleep\. It goes on by itself\.\n$/);
  const { by, value } = control.commands.find(({ name }) => name === 'good') ?? {};
  assert.equal(value, 2);
  assert.match(String(by), / \(drowse CLI\)$/);
});

test('sleep, pin and unpin say what became of it; a conflict ends with 7', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web', { phase: 'awake' });
  control.onCommand = (command, name) => {
    if (command === 'sleep') return { ok: false, code: 'conflict', message: 'Pinned by ada.' };
    control.set(name, {
      pinned: command === 'pin' ? { untilMs: Date.UTC(2999, 0, 1, 8), by: 'ada' } : null,
    });
    return { ok: true };
  };
  const sleep = await machine.run(['sleep', 'web']);
  assert.deepEqual(sleep, { code: 7, out: '', err: 'error: Pinned by ada.\n' });
  const pin = await machine.run(['pin', 'web', '--until', '2999-01-01T08:00']);
  assert.deepEqual(pin, { code: 0, out: 'web is awake; it is pinned until 1 Jan 2999 08:00.\n', err: '' });
  assert.equal(control.commands.at(-1)?.value, Date.UTC(2999, 0, 1, 8));
  assert.equal((await machine.run(['unpin', 'web'])).out, 'web is awake; it is not pinned.\n');
});

test('commands answer programs with the app as it is then', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web', { phase: 'awake' });
  control.onCommand = (command, name) => {
    control.set(name, {
      phase: command === 'sleep' ? 'asleep' : 'awake',
      pinned: command === 'pin' ? { untilMs: null, by: 'ada' } : null,
    });
    return { ok: true };
  };
  for (const [command, state, by] of [
    ['wake', 'awake', undefined],
    ['pin', 'awake', 'ada'],
    ['unpin', 'awake', undefined],
    ['sleep', 'asleep', undefined],
  ] as const) {
    const json = await machine.run([command, 'web', '-o', 'json']);
    const yaml = await machine.run([command, 'web', '--output', 'yaml']);
    for (const app of [JSON.parse(json.out), parse(yaml.out)])
      assert.deepEqual([app.name, app.state, app.pinned?.by], ['web', state, by], command);
  }
});

test('a wrong command line ends with 2, and says what was expected', async (context) => {
  const machine = createMachine(context);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['frob'], /unknown command 'frob'\nAll commands: drowse --help\n$/],
    [['slep'], /Did you mean sleep\?/],
    [['why'], /missing required argument 'APP'\nHow it is used: drowse why --help\n$/],
    [['get', '-o', 'xml'], /json/],
    [['wake', 'web', '--timeout', 'soon'], /--timeout takes a time like 90s/],
    [['get', '--url', 'ftp://x'], /not an address/],
    [['up', '--log-level', 'loud'], /debug/],
    [
      ['logs', 'web', '-f', 'b.yaml'],
      /too many arguments[^]*\nBehind `logs`, -f means --follow\. The configuration goes before it: drowse -f FILE logs APP\n$/,
    ],
    [['wake', 'web', 'b.yaml'], /too many arguments[^]*\nHow it is used: drowse wake --help\n$/],
  ];
  await Promise.all(
    wrong.map(async ([args, message]) => {
      const { code, out, err } = await machine.run(args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(out, '');
      assert.match(err, message);
    }),
  );
});

test('doctor ends with 9 when something is wrong, with its cure', async (context) => {
  const machine = createMachine(context);
  const findings: Finding[] = [
    { level: 'warning', check: 'memory', app: null, message: 'Little memory.', cure: null },
  ];
  await startInstance(context, machine, 'drowse.yaml', { doctor: async () => findings });
  assert.deepEqual(await machine.run(['doctor']), { code: 0, out: 'warning Little memory.\n', err: '' });
  findings.push({
    level: 'error',
    check: 'command',
    app: 'web',
    message: 'It is not there.',
    cure: 'Install it.',
  });
  const { code, out } = await machine.run(['doctor']);
  assert.equal(code, 9);
  assert.match(out, /^error {3}web: It is not there\.\n {8}→ Install it\.$/m);
});

test('logs of an app that has written nothing say so, beside the output', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web');
  assert.deepEqual(await machine.run(['logs', 'web']), {
    code: 0,
    out: '',
    err: 'web has written nothing yet.\n',
  });
  assert.equal((await machine.run(['logs', 'web', '-n', '0'])).err, '');
  control.write('one');
  assert.deepEqual(await machine.run(['logs', 'web']), { code: 0, out: 'one\n', err: '' });
  const { out } = await machine.run(['logs', 'web', '--timestamps', '--prefix']);
  assert.equal(out, '2026-01-31T08:00:00.000Z r1 one\n');
});

test('version does not need a Drowse', async (context) => {
  const machine = createMachine(context);
  const { code, out } = await machine.run(['version']);
  assert.equal(code, 0);
  for (const flag of ['--version', '-V']) assert.deepEqual((await machine.run([flag])).out, out);
  assert.match(out, /^drowse \d+\.\d+\.\d+ \(Node v\d+.*\nNo Drowse is running here\.\n$/);
});

test('which Drowse is meant: the one of this folder, the one named, the only one', async (context) => {
  const machine = createMachine(context);
  const elsewhere = createMachine(context).folder;
  writeFileSync(join(machine.folder, 'b.yaml'), 'apps: {}\n');
  const none = await machine.run(['get'], { cwd: '/' });
  assert.equal(none.code, 3);
  assert.match(none.err, /No Drowse is running\. Start one: drowse up/);

  const b = await startInstance(context, machine, 'b.yaml');
  b.control.set('of-b');
  const [only, here, there] = await Promise.all([
    machine.run(['get', '-o', 'name'], { cwd: '/' }),
    machine.run(['get']),
    machine.run(['get'], { cwd: elsewhere }),
  ]);
  assert.equal(only.out, 'of-b\n');
  for (const result of [here, there]) {
    assert.equal(result.code, 3, 'a configuration lies here, and it is not that one that runs');
    assert.match(result.err, /Others run:\n {2}.*b\.yaml/);
  }

  const a = await startInstance(context, machine);
  a.control.set('of-a');
  const names = async (args: readonly string[], cwd: string) =>
    (await machine.run(['get', '-o', 'name', ...args], { cwd })).out;
  assert.deepEqual(
    await Promise.all([
      names([], machine.folder),
      names(['-f', 'b.yaml'], machine.folder),
      names(['--url', a.url], '/'),
    ]),
    ['of-a\n', 'of-b\n', 'of-a\n'],
  );
  const missing = await machine.run(['get', '-f', 'typo.yaml'], { cwd: machine.folder });
  assert.equal(missing.code, 3);
  assert.match(missing.err, /^error: There is no file .*typo\.yaml, and no Drowse runs it\.\nOthers run:\n/);
  const many = await machine.run(['get'], { cwd: '/' });
  assert.equal(many.code, 2);
  assert.match(
    many.err,
    /Several Drowses run\. Say which one with -f, before the command \(drowse -f FILE get\):/,
  );
});

test('below this folder: the one that runs there, whatever else runs; of several none is guessed', async (context) => {
  const machine = createMachine(context);
  const root = join(machine.folder, 'clone');
  for (const folder of ['examples', 'more']) mkdirSync(join(root, folder), { recursive: true });
  const a = await startInstance(context, machine, 'clone/examples/drowse.yaml');
  a.control.set('of-the-examples');
  const elsewhere = await startInstance(context, machine, 'elsewhere.yaml');
  elsewhere.control.set('of-elsewhere');
  const names = async (cwd: string) => await machine.run(['get', '-o', 'name'], { cwd });
  assert.equal((await names(root)).out, 'of-the-examples\n', 'the drowse.yaml above does not run');
  writeFileSync(join(root, 'drowse.yaml'), 'apps: {}\n');
  assert.equal((await names(root)).out, 'of-the-examples\n', 'nor does the one here');
  const beside = await startInstance(context, machine, 'clone/beside.yaml');
  beside.control.set('of-beside');
  assert.equal((await names(root)).out, 'of-the-examples\n', 'one beside it is not below it');
  assert.equal((await names(join(root, 'more'))).code, 3);
  await startInstance(context, machine, 'clone/more/other.yaml');
  const several = await names(root);
  assert.equal(several.code, 2);
  assert.match(
    several.err,
    /Several Drowses run below \S*clone\. Say which one with -f, before the command \(drowse -f FILE get\):\n {2}\S*examples\/drowse\.yaml {2}\(http\S*\)\n {2}\S*other\.yaml {2}\S*\n$/,
  );
  assert.equal((await machine.run(['get', '-f', 'drowse.yaml'], { cwd: root })).code, 3, 'named is named');
});

test('the token goes to no address that no Drowse has named, unless it is given by hand', async (context) => {
  const machine = createMachine(context);
  const { url, control } = await startInstance(context, machine);
  control.set('web');
  const other = url.replace('127.0.0.1', 'localhost');
  const refused = await machine.run(['get', '--url', other]);
  assert.equal(refused.code, 8);
  const tokenFile = join(machine.folder, 'given');
  const given = async () => await machine.run(['get', '--url', url, '--token-file', tokenFile]);
  const missing = await given();
  assert.equal(missing.code, 8);
  assert.match(missing.err, /^error: There is no token file \/.*given\. A running Drowse writes one;/);
  writeFileSync(tokenFile, 'wrong');
  const wrong = await given();
  assert.equal(wrong.code, 8);
  assert.match(wrong.err, /^error: Drowse does not accept this token: it is new at each start\./);
  const { DROWSE_URL } = { DROWSE_URL: url };
  assert.equal((await machine.run(['get', '-o', 'name'], { cwd: '/', env: { DROWSE_URL } })).out, 'web\n');
});
