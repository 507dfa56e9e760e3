import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  defaultStateDir,
  findInstance,
  listInstances,
  publishInstance,
  type InstanceInfo,
} from '../../../src/api/discovery.ts';
import { createToken, createTokenCheck } from '../../../src/api/token.ts';

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'drowse-api-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function infoOf(configPath: string, changes: Partial<InstanceInfo> = {}): InstanceInfo {
  return {
    url: 'http://127.0.0.1:1',
    pid: process.pid,
    configPath,
    tokenFile: '/t',
    instance: configPath,
    ...changes,
  };
}

test('the token is new at each start, and only its user can read it', async (context) => {
  const stateDir = join(folder(context), 'deep', 'state');
  const first = await createToken(stateDir);
  const second = await createToken(stateDir);
  assert.notEqual(first.token, second.token);
  assert.equal((await readFile(second.path, 'utf8')).trim(), second.token);
  assert.equal((await stat(second.path)).mode & 0o777, 0o600);
  assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(stateDir), ['token'], 'nothing half-written is left');
  const check = createTokenCheck(second.token);
  assert.equal(check(`Bearer ${second.token}`), true);
  assert.equal(check(`Bearer ${first.token}`), false);
});

test('a token file that others could read is replaced by one that they cannot', async (context) => {
  const stateDir = folder(context);
  await writeFile(join(stateDir, 'token'), 'old\n', { mode: 0o644 });
  const { path } = await createToken(stateDir);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('instances are found by configuration and as a list, until they withdraw', async (context) => {
  const env = { DROWSE_STATE_ROOT: folder(context) };
  const [a, b] = [infoOf('/a/drowse.yaml'), infoOf('/b/drowse.yaml')];
  const withdraw = await publishInstance(defaultStateDir(a.configPath, env), a, env);
  await publishInstance(join(folder(context), 'elsewhere'), b, env);
  assert.deepEqual(await findInstance('/a/drowse.yaml', env), a);
  assert.deepEqual(await findInstance('/b/drowse.yaml', env), b, 'also where its state lies elsewhere');
  assert.deepEqual(await listInstances(env), [a, b]);
  await withdraw();
  assert.equal(await findInstance('/a/drowse.yaml', env), null);
  assert.deepEqual(await listInstances(env), [b]);
});

test('who withdraws leaves the file of a successor alone', async (context) => {
  const env = { DROWSE_STATE_ROOT: folder(context) };
  const stateDir = defaultStateDir('/a', env);
  const withdraw = await publishInstance(stateDir, infoOf('/a', { instance: 'old' }), env);
  await publishInstance(stateDir, infoOf('/a', { instance: 'new' }), env);
  await withdraw();
  assert.equal((await findInstance('/a', env))?.instance, 'new');
});

test('the dead, the damaged and the foreign are not instances', async (context) => {
  const root = folder(context);
  const env = { DROWSE_STATE_ROOT: root };
  const contents = {
    dead: JSON.stringify(infoOf('/dead', { pid: 2 ** 30 })),
    half: '{"url":"http:',
    other: '{"pid":1}',
    text: '"hello"',
    negative: JSON.stringify(infoOf('/x', { pid: -1 })),
  };
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'api.json'), content);
  }
  assert.deepEqual(await listInstances(env), []);
  assert.deepEqual(await listInstances({ DROWSE_STATE_ROOT: join(root, 'none') }), []);
});

test('a home that cannot be written keeps Drowse from being found, not from running', async (context) => {
  const inTheWay = join(folder(context), 'file');
  await writeFile(inTheWay, '');
  const env = { DROWSE_STATE_ROOT: join(inTheWay, 'state') };
  const stateDir = folder(context);
  await publishInstance(stateDir, infoOf('/a'), env);
  assert.deepEqual(await readdir(stateDir), ['api.json']);
});
