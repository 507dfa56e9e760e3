import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { formatProblems } from '../../src/config/format-problems.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { introduction } from '../../examples/introduction.ts';

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

void test('the line of the demo can be pasted anywhere, also where a folder has a space in its name', async () => {
  const { apps } = await load('drowse.yaml');
  const lineOf = (place: string): string =>
    introduction(apps, place).find((line) => line.includes('curl')) ?? '';
  const [, word = ''] = /@(\S+) http:\/\/127\.0\.0\.1:8701\/$/u.exec(lineOf(folder)) ?? [];
  assert.ok(path.isAbsolute(word) && existsSync(word), word);
  assert.equal(
    lineOf("/home/o'hara/my apps").trim(),
    `curl -fsS --data-binary @'/home/o'\\''hara/my apps/ocr/sample.png' http://127.0.0.1:8701/`,
  );
});

void test('what the comments of the PostgreSQL example say, it does', async () => {
  const [app] = (await load('configs/postgresql.yaml')).apps;
  assert.equal(app?.stop.signal, 'SIGINT');
  assert.equal(app.ports[0]?.protocol, 'tcp');
  assert.equal(app.readiness.kind, 'log');
});
