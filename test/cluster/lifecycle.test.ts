import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { sources, stateFolder } from './folders.ts';
import { openCluster } from './harness/open-cluster.ts';
import { readCluster } from './lifecycle/state.ts';
import { proxyModes } from './options.ts';

/** Another cluster, beside the one that the tests run in. */
const name = 'spare';
const { kubernetes, proxy } = openCluster().options;
const folder = stateFolder(name);

function start(command: string, ...args: readonly string[]): { child: ChildProcess; said: () => string } {
  const argv = [path.join(sources, 'main.ts'), command, '--name', name, '--kubernetes', kubernetes, ...args];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'inherit', 'pipe'] });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, said: () => text };
}

async function finish(command: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const { child, said } = start(command, ...args);
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: said() };
}

/** Processes that see the cluster's folder among their mounts: those of its machines and of its pods. */
function processes(): string[] {
  return globSync('/proc/[0-9]*').filter((process) => {
    try {
      return readFileSync(`${process}/mountinfo`, 'utf8').includes(`/drowse/cluster/${name}/`);
    } catch {
      return false;
    }
  });
}

function assertNothingLeft(): void {
  assert.deepEqual(processes(), []);
  assert.ok(!existsSync(folder), folder);
  assert.deepEqual(globSync([`/sys/fs/cgroup/drowse-${name}`, `/sys/fs/cgroup/*/drowse-${name}`]), []);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(`/drowse/cluster/${name}/`));
}

void describe('a cluster comes and goes', () => {
  after(() => finish('down'));

  for (const [signal, component] of [
    ['SIGKILL', 'control-plane/kube-apiserver'],
    ['SIGKILL', 'node-2/kubelet'],
  ] as const) {
    test(`an up that gets ${signal} when it has started ${component} leaves nothing that down does not take`, async () => {
      const { child, said } = start('up');
      const pid = path.join(folder, 'machines', `${component}.pid`);
      const exited = once(child, 'exit');
      await eventually(async () => (existsSync(pid) ? true : null), {
        limitMs: 120_000,
        else: () => `${pid} does not appear; it says:\n${said()}`,
      });
      child.kill(signal);
      await exited;
      assert.notDeepEqual(processes(), []);
      assert.equal((await finish('down')).code, 0);
      assertNothingLeft();
    });
  }

  test('an up that is interrupted takes down what it has made', async () => {
    const { child } = start('up');
    const exited = once(child, 'exit');
    await eventually(async () => (existsSync(path.join(folder, 'machines')) ? true : null), {
      limitMs: 120_000,
      else: () => 'no machine is started',
    });
    child.kill('SIGINT');
    assert.deepEqual(await exited, [1, null]);
    assertNothingLeft();
  });

  test('up twice is one cluster; another kind under its name is refused; down takes it whole', async () => {
    assert.equal((await finish('up', '--proxy', proxy)).code, 0);
    const first = readCluster(name);
    assert.equal((await finish('up', '--proxy', proxy)).code, 0);
    assert.deepEqual(readCluster(name), first);
    const other = proxyModes.find((mode) => mode !== proxy) ?? '';
    const refused = await finish('up', '--proxy', other);
    assert.equal(refused.code, 1);
    assert.match(refused.said, /Take it down first \(npm run cluster:down\)/);
    assert.deepEqual(readCluster(name), first);
    assert.ok(processes().length > 10, 'pods run too');
    assert.equal((await finish('down')).code, 0);
    assertNothingLeft();
    assert.match((await finish('down')).said, /there is no cluster spare/);
  });
});
