import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pinBody } from './pin.ts';
import { CliError } from './support/command.ts';
import type { Terminal } from './support/terminal.ts';
import { upOptions } from './up.ts';

function terminal(cwd: string, isTTY: boolean): Terminal {
  const stream = { write: () => undefined, isTTY };
  return { out: stream, err: stream, env: {}, cwd, untilInterrupted: () => new AbortController().signal };
}

const options = (values: Record<string, string | boolean>, isTTY: boolean) => {
  const { table, logLevel, quiet } = upOptions({ file: 'x', ...values }, terminal('/', isTTY));
  return { table, logLevel, quiet };
};

const api = (text: string) => upOptions({ file: 'x', api: text }, terminal('/', false)).api;

test('up finds the nearest configuration, and follows links', (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-up-')));
  context.after(() => rmSync(root, { recursive: true }));
  const deep = join(root, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  const path = join(root, 'drowse.yaml');
  writeFileSync(path, 'apps: {}\n');
  symlinkSync(path, join(root, 'a', 'link.yaml'));
  assert.equal(upOptions({}, terminal(deep, false)).configPath, path);
  assert.equal(upOptions({ file: '../link.yaml' }, terminal(deep, false)).configPath, path);
  assert.equal(
    upOptions({ file: 'none.yaml' }, terminal(deep, false)).configPath,
    join(deep, 'none.yaml'),
    'the loader says that it is not there',
  );
  assert.throws(
    () => upOptions({}, terminal('/', false)),
    (error) =>
      error instanceof CliError && error.message.startsWith('There is no drowse.yaml in / or above it.'),
  );
});

test('a terminal that can only write lines gets no table', () => {
  const dumb = { ...terminal('/', true), env: { TERM: 'dumb' } };
  assert.equal(upOptions({ file: 'x' }, dumb).table, false);
});

test('a link is one name of a configuration, and is read anew wherever it points', (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-up-')));
  context.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'one.yaml'), 'apps: {}\n');
  symlinkSync('one.yaml', join(root, 'link.yaml'));
  const { configFile, configPath } = upOptions({ file: 'link.yaml' }, terminal(root, false));
  assert.deepEqual([configFile, configPath], [join(root, 'link.yaml'), join(root, 'one.yaml')]);
});

test('a file of a Kubernetes ConfigMap is the same configuration after each change of the map', (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-up-')));
  context.after(() => rmSync(root, { recursive: true }));
  for (const version of ['..2026_1', '..2026_2']) {
    mkdirSync(join(root, version));
    writeFileSync(join(root, version, 'drowse.yaml'), 'apps: {}\n');
    rmSync(join(root, '..data'), { force: true });
    symlinkSync(version, join(root, '..data'));
    if (version === '..2026_1') symlinkSync('..data/drowse.yaml', join(root, 'drowse.yaml'));
    assert.equal(upOptions({}, terminal(root, false)).configPath, join(root, 'drowse.yaml'));
  }
});

test('the table is for terminals, and the log is as configured unless told', () => {
  assert.deepEqual(options({}, true), { table: true, logLevel: null, quiet: false });
  assert.deepEqual(options({}, false), { table: false, logLevel: null, quiet: false });
  assert.deepEqual(options({ table: false }, true), { table: false, logLevel: null, quiet: false });
  assert.deepEqual(options({ quiet: true }, true), { table: false, logLevel: 'error', quiet: true });
  assert.deepEqual(options({ 'log-level': 'debug' }, true), { table: true, logLevel: 'debug', quiet: false });
});

test('the address of the API', () => {
  assert.deepEqual(api('7070'), { host: '127.0.0.1', port: 7070 });
  assert.deepEqual(api('0.0.0.0:0'), { host: '0.0.0.0', port: 0 });
  assert.deepEqual(api('[::1]:80'), { host: '::1', port: 80 });
  for (const wrong of ['', 'localhost', '1.2.3.4:70000', 'http://x:1', '::1:80'])
    assert.throws(() => api(wrong), CliError, wrong);
});

test('pins: a time of day is the next one, and a time without a zone is local', () => {
  const now = new Date('2026-01-31T12:00:00');
  const until = (text: string) => pinBody({ until: text }, now).until;
  assert.equal(until('18:00'), new Date('2026-01-31T18:00:00').toISOString());
  assert.equal(until('12:00'), new Date('2026-02-01T12:00:00').toISOString());
  assert.equal(until('2026-03-01T09:00'), new Date('2026-03-01T09:00:00').toISOString());
  assert.equal(until('2026-03-01T09:00:00Z'), '2026-03-01T09:00:00.000Z');
  assert.deepEqual(pinBody({ for: '2h' }, now), { forMs: 7_200_000 });
  assert.deepEqual(pinBody({}, now), {});
  for (const wrong of ['24:00', '6pm', '2026-03-01', 'tomorrow'])
    assert.throws(() => until(wrong), CliError, wrong);
  assert.throws(() => pinBody({ for: '2h', until: '18:00' }, now), CliError);
});
