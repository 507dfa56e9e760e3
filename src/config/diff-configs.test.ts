import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from './config.ts';
import { diffConfigs } from './diff-configs.ts';
import { parseConfig } from './parse-config.ts';

function parse(text: string): Config {
  const result = parseConfig(text, {
    path: '/srv/drowse.yaml',
    environment: { variables: {}, homeDirectory: '/home/ada' },
  });
  assert.ok(result.ok);
  return result.config;
}

const withApp = (lines: string): Config => parse(`apps: {a: {${lines}}}`);
const base = 'command: run, port: "80:81"';

void test('the same, written differently, is no change', () => {
  const diff = diffConfigs(
    withApp(`${base}, sleepAfter: 90s, env: {A: 1, B: 2}`),
    parse(
      'defaults: {env: {B: 2, A: "1"}}\napps: {a: {sleepAfter: 1m30s, port: "127.0.0.1:80:81", command: run}}',
    ),
  );
  assert.deepEqual(diff, { added: [], removed: [], changed: [], settings: [] });
});

void test('apps that come and go', () => {
  const diff = diffConfigs(
    parse('apps: {a: {command: x, port: 1}, b: {command: x, port: 2}}'),
    parse('apps: {c: {command: x, port: 1}, b: {command: x, port: 2}}'),
  );
  assert.deepEqual(
    [diff.added.map(({ name }) => name), diff.removed.map(({ name }) => name), diff.changed],
    [['c'], ['a'], []],
  );
});

void test('each change says whether it needs a new process', () => {
  const cases: readonly (readonly [string, string, 'live' | 'restart'])[] = [
    ['command: other, port: "80:81"', 'command', 'restart'],
    [`${base}, env: {A: 1}`, 'env', 'restart'],
    [`${base}, directory: sub`, 'cwd', 'restart'],
    [`${base}, ready: {http: /up}`, 'readiness', 'restart'],
    ['command: run, port: "80:82"', 'ports', 'restart'],
    ['command: run, port: 80', 'ports', 'restart'],
    ['command: run, port: "90:81"', 'ports', 'live'],
    [`${base}, protocol: tcp`, 'ports', 'live'],
    [`${base}, startTimeout: 1s`, 'startTimeoutMs', 'live'],
    [`${base}, sleepAfter: never`, 'sleepAfterMs', 'live'],
    [`${base}, schedule: [Mon 08:00-09:00 UTC]`, 'schedule', 'live'],
    [`${base}, minReplicas: 1`, 'minReplicas', 'live'],
    [`${base}, maxConcurrency: 4`, 'maxConcurrency', 'live'],
    [`${base}, hold: {max: 5}`, 'hold', 'live'],
    [`${base}, stop: {grace: 1s}`, 'stop', 'live'],
    [`${base}, noWake: [{path: /x}]`, 'noWake', 'live'],
  ];
  for (const [lines, field, kind] of cases) {
    const [change, ...others] = diffConfigs(withApp(base), withApp(lines)).changed;
    assert.deepEqual([change?.changes, others], [[{ field, kind }], []], lines);
    assert.equal(change?.previous.name, change?.next.name);
  }
});

void test('settings that need a restart of Drowse, and listenHost that does not', () => {
  const before = withApp(base);
  const after = parse(
    'settings: {api: 7000, limits: {held: 1}, listenHost: 0.0.0.0}\napps: {a: {command: run, port: "80:81"}}',
  );
  const diff = diffConfigs(before, after);
  assert.deepEqual(diff.settings, ['api', 'limits']);
  assert.deepEqual(
    diff.changed.flatMap(({ changes }) => changes),
    [{ field: 'ports', kind: 'live' }],
  );
});
