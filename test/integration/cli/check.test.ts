import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { createMachine, resultOf } from './harness.ts';

const good = 'apps:\n  web:\n    command: serve\n    port: 8080\n';
const bad = 'apps:\n  web:\n    comand: serve\n    port: 99999\n';

test('check: a good configuration, found as up finds it, ends with 0', async (context) => {
  const machine = createMachine(context);
  const path = join(machine.folder, 'drowse.yaml');
  writeFileSync(path, good);
  const deep = join(machine.folder, 'deep');
  mkdirSync(deep);
  const expected = (shown: string) => ({ code: 0, out: `${shown} is valid: 1 app.\n`, err: '' });
  assert.deepEqual(await machine.run(['check'], { cwd: deep }), expected(path));
  assert.deepEqual(await machine.run(['-f', 'drowse.yaml', 'check']), expected('drowse.yaml'));
  const json = await machine.run(['check', '-o', 'json']);
  assert.deepEqual(JSON.parse(json.out), { ok: true, file: path, apps: ['web'], problems: [] });
});

test('check: each problem with file, line, column and what to do; ends with 2', async (context) => {
  const machine = createMachine(context);
  writeFileSync(join(machine.folder, 'other.yaml'), bad);
  const people = await machine.run(['check', '-f', 'other.yaml']);
  assert.equal(people.code, 2);
  assert.equal(people.out, '', 'nothing says that it is valid');
  assert.match(people.err, /other\.yaml:3:5: error: .*comand[^]*\^+\n {2}hint: did you mean "?command/);
  assert.match(people.err, /other\.yaml:4:11: error: /);
  for (const format of ['json', 'yaml']) {
    const { code, out, err } = await machine.run(['check', '-f', 'other.yaml', '-o', format]);
    assert.deepEqual([code, err], [2, ''], format);
    const { ok, apps, problems } = parse(out);
    assert.deepEqual([ok, apps], [false, null]);
    assert.deepEqual(
      problems.map(({ severity, line, column }: Record<string, unknown>) => [severity, line, column]),
      [
        ['error', 3, 5],
        ['error', 4, 11],
      ],
    );
    assert.match(problems[0].hint, /command/);
  }
});

test('check: warnings alone are no failure; a file that is not there is one of the file as a whole', async (context) => {
  const machine = createMachine(context);
  const path = join(machine.folder, 'drowse.yaml');
  writeFileSync(path, `${good}    hold: { timeout: 1s }\n    startTimeout: 1m\n`);
  const { code, out, err } = await machine.run(['check']);
  assert.equal(code, 0, err);
  assert.match(err, /drowse\.yaml:6:19: warning: /);
  assert.equal(out, 'drowse.yaml is valid, with warnings: 1 app.\n');
  const missing = await machine.run(['check', '-f', 'none.yaml', '-o', 'json']);
  assert.equal(missing.code, 2);
  const [problem] = JSON.parse(missing.out).problems;
  assert.deepEqual([problem.severity, problem.line, problem.column], ['error', null, null]);
  const nowhere = await machine.run(['check'], { cwd: '/' });
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.err, /There is no drowse\.yaml in \/ or above it\. Name one with -f/);
});

test('check runs nothing, needs no Drowse, and is a command of the program', async (context) => {
  const machine = createMachine(context);
  const touched = join(machine.folder, 'touched');
  writeFileSync(
    join(machine.folder, 'drowse.yaml'),
    JSON.stringify({ apps: { web: { command: `touch ${touched}`, port: 1, minReplicas: 1 } } }),
  );
  const { code, out } = await resultOf(machine.start(['check']));
  assert.equal(code, 0);
  assert.match(out, /drowse\.yaml is valid: 1 app\.\n$/);
});
