import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Finding } from '../../../src/api/ports.ts';
import type { Visitor } from '../../../src/core/visitor.ts';
import { createMachine, startInstance } from './harness.ts';

/** Clears the screen, names the window, begins a C1 sequence, turns the direction, draws over what stands there; and what it is to be found by. */
const evil = 'before\u001B[2J\u001B]0;owned\u0007\u009B31m\u0085\u202E\u2066\u200B\r\b\u007F\u2028after';

/** What a terminal obeys, besides the end of a line. */
const obeyed = /[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

const visitor: Visitor = {
  client: '10.0.0.7:4711',
  protocol: 'http',
  port: 'main',
  method: 'GET',
  path: `/${evil}`,
  userAgent: evil,
  sinceMs: 0,
};

const failure = { code: 'exited', message: evil, output: [evil], permanent: false } as const;
const findings: Finding[] = [{ level: 'error', check: 'wake', app: 'web', message: evil, cure: evil }];

/** What the live table itself tells the terminal. */
const escape = '\u001B';
const own = new RegExp(`${escape}\\[(?:\\d+A|J|\\?25[lh])|\\r`, 'gu');

const commands: readonly (readonly string[])[] = [
  ['get'],
  ['get', '-o', 'wide'],
  ['get', '-o', 'json'],
  ['get', '-o', 'yaml'],
  ['why', 'web'],
  ['why', 'web', '-o', 'json'],
  ['why', 'web', '-o', 'yaml'],
  ['describe', 'web'],
  ['describe', 'web', '-o', 'json'],
  ['describe', 'web', '-o', 'yaml'],
  ['doctor'],
  ['doctor', '-o', 'json'],
  ['logs', 'web'],
  ['logs', 'web', '-t', '-p'],
  ['logs', 'web', '-o', 'json'],
  ['wake', 'web'],
  ['wake', 'web', '--wait'],
  ['pin', 'web', '-o', 'yaml'],
  ['why', evil],
  ['version'],
];

test('nothing that visitors, apps or operators chose commands the terminal', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine, 'drowse.yaml', { doctor: async () => findings });
  control.set('web', {
    phase: 'failed',
    failure: { cause: failure, retryAtWallMs: null },
    pinned: { untilMs: null, by: evil },
    problem: { code: 'EADDRINUSE', message: evil, address: null, retryAtWallMs: 0 },
    next: { what: 'wake', atWallMs: Date.UTC(2999, 0), because: evil },
    keptAwakeBy: [{ code: 'pinned', message: evil }],
  });
  control.whyOf = () => ({
    wokenBy: { atWallMs: 0, cause: 'request', by: evil, visitor },
    lastUse: visitor,
    held: [visitor],
    inFlight: [visitor],
    lastFailure: { cause: failure, atWallMs: 0, recoveredAtWallMs: null },
    startAdvice: evil,
    refusal: { because: evil, untilWallMs: null },
  });
  control.write(evil);
  control.onCommand = (command, name) => {
    if (command === 'wake') for (const phase of ['waking', 'failed'] as const) control.enter(name, phase);
    return { ok: true };
  };
  for (const command of commands)
    for (const columns of [40, 200]) {
      const { out, err } = await machine.run(command, { columns, env: { NO_COLOR: '1' } });
      assert.doesNotMatch(out + err, obeyed, `${command.join(' ')} at ${columns} columns`);
    }
  for (const format of ['json', 'yaml']) {
    const { out } = await machine.run(['why', 'web', '-o', format], { columns: 80 });
    assert.equal(parse(out).lastUse.userAgent, evil, 'programs get what was sent');
  }
});

test('nor does it in what stays: the live table and lines for each change', async (context) => {
  const machine = createMachine(context);
  const { control } = await startInstance(context, machine);
  control.set('web', { phase: 'failed', failure: { cause: failure, retryAtWallMs: null } });
  for (const args of [
    ['get', '-w'],
    ['get', '-w', '-o', 'json'],
  ]) {
    for (const columns of [80, undefined]) {
      const interrupted = new AbortController();
      const terminal = columns === undefined ? {} : { columns };
      const running = machine.run(args, { ...terminal, env: { NO_COLOR: '1' }, signal: interrupted.signal });
      setTimeout(() => interrupted.abort(), 300);
      const { code, out } = await running;
      assert.equal(code, 0);
      assert.match(out, /before/, 'it was shown');
      assert.doesNotMatch(out.replaceAll(own, ''), obeyed, `${args.join(' ')} at ${columns}`);
    }
  }
});
