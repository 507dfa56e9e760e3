import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfig } from '../../../src/config/load-config.ts';

const environment = { variables: {}, homeDirectory: '/home/ada' };
const good = 'apps: {a: {command: run, port: 1, directory: data}}\n';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drowse-config-'));
});
after(() => rm(directory, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function refusal(path: string): Promise<string> {
  const result = await loadConfig(path, environment);
  assert.ok(!result.ok);
  const [problem, ...others] = result.problems;
  assert.deepEqual([problem?.file, problem?.sourceLine, others], [path, null, []]);
  return problem?.message ?? '';
}

void test('a file is read, and its directory is what paths start from', async () => {
  const result = await loadConfig(await write('good.yaml', good), environment);
  assert.ok(result.ok);
  assert.equal(result.config.path, join(directory, 'good.yaml'));
  assert.equal(result.config.apps[0]?.cwd, join(directory, 'data'));
});

void test('a byte order mark does not matter', async () => {
  assert.ok((await loadConfig(await write('bom.yaml', `\ufeff${good}`), environment)).ok);
});

async function hashOf(content: string): Promise<string | null> {
  return (await loadConfig(await write('hash.yaml', content), environment)).hash;
}

void test('the hash tells contents apart, good or bad', async () => {
  assert.equal(await hashOf(good), await hashOf(good));
  assert.notEqual(await hashOf(good), await hashOf(`${good} `));
  assert.notEqual(await hashOf('apps: 1'), await hashOf('apps: 2'));
});

void test('what is no readable file is one problem without a line', async () => {
  assert.equal(await refusal(join(directory, 'nowhere.yaml')), 'there is no such file');
  assert.equal(await refusal(directory), 'is not a file');
  assert.equal(
    await refusal(await write('binary.yaml', new Uint8Array([0x61, 0xff, 0xfe]))),
    'is not UTF-8 text',
  );
  const large = await write('large.yaml', ' '.repeat(1024 * 1024 + 1));
  assert.equal(await refusal(large), 'is larger than 1 MiB: this cannot be a configuration');
});

void test('a pipe is refused, not waited for', async () => {
  const path = join(directory, 'pipe.yaml');
  execFileSync('mkfifo', [path]);
  assert.equal(await refusal(path), 'is not a file');
});

void test(
  'a file that may not be read says so',
  { skip: process.getuid?.() === 0 && 'root may read everything' },
  async () => {
    const path = await write('secret.yaml', good);
    await chmod(path, 0);
    assert.equal(await refusal(path), 'may not be read by this user');
  },
);

void test('a part of the path that is a file is no such file', async () => {
  await mkdir(join(directory, 'sub'), { recursive: true });
  assert.equal(await refusal(join(await write('sub/file', 'x'), 'drowse.yaml')), 'there is no such file');
});
