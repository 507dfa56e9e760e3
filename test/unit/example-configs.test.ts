import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { formatProblems } from '../../src/config/format-problems.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';

const folder = path.join(import.meta.dirname, '../../examples');
const files = globSync('**/*.yaml', { cwd: folder, exclude: ['**/node_modules/**'] }).toSorted();

async function load(file: string): Promise<Config> {
  const result = await loadConfig(path.join(folder, file), { variables: {}, homeDirectory: '/home/reader' });
  assert.ok(result.ok, result.ok ? '' : formatProblems(result.problems, { color: false }));
  return result.config;
}

void test('there are examples for the servers that the documentation names', () => {
  const named = ['llama-cpp', 'mariadb', 'nginx', 'ollama', 'postgresql', 'redis', 'vllm'];
  const expected = [...named.map((name) => `configs/${name}.yaml`), 'drowse.yaml'];
  assert.deepEqual(files, expected);
});

for (const file of files) {
  void test(`examples/${file} is a configuration without a warning`, async () => {
    assert.deepEqual((await load(file)).warnings, []);
  });

  void test(`in examples/${file} clients are held for as long as a start may take`, async () => {
    for (const app of (await load(file)).apps) assert.ok(app.hold.timeoutMs >= app.startTimeoutMs, app.name);
  });
}

void test('what the comments of the PostgreSQL example say, it does', async () => {
  const [app] = (await load('configs/postgresql.yaml')).apps;
  assert.equal(app?.stop.signal, 'SIGINT');
  assert.equal(app.ports[0]?.protocol, 'tcp');
  assert.equal(app.readiness.kind, 'log');
});
