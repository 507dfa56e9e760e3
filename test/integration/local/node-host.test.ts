import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { costPerLine, costPerWindow, windowMs } from '../../../src/platforms/local/node-host/paced-output.ts';
import { metItself } from '../../../src/platforms/local/node-host/probes.ts';
import { createNodeHost } from '../../../src/platforms/local/node-host.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandom } from '../../../src/system/random.ts';
import { eventually } from '../patience.ts';
import { app, nodeHost, openRoom, script } from './room.ts';

const host = nodeHost();

void describe('the machine', () => {
  void test('offers ports on which nobody listens', async (t) => {
    const ports = Array.from({ length: 50 }, () => host.freePort());
    assert.ok(ports.every((port) => port !== null && host.portFree(port)));
    for (const address of ['127.0.0.1', '::', '0.0.0.0']) {
      const taken = createServer();
      const listening = await new Promise<boolean>((resolve) => {
        taken.once('error', () => resolve(false));
        taken.listen(0, address, () => resolve(true));
      });
      if (!listening) continue;
      t.after(() => taken.close());
      const bound = taken.address();
      assert.ok(bound !== null && typeof bound === 'object');
      assert.equal(host.portFree(bound.port), false, address);
    }
  });

  void test('does not take a socket that met itself for a process', async (t) => {
    const port = host.freePort() ?? 0;
    const lonely = connect({ host: '127.0.0.1', port, localPort: port });
    await once(lonely, 'connect');
    t.after(() => lonely.resetAndDestroy());
    assert.equal(metItself(lonely), true);

    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const bound = server.address();
    assert.ok(bound !== null && typeof bound === 'object');
    const met = connect({ host: '127.0.0.1', port: bound.port });
    await once(met, 'connect');
    t.after(() => met.destroy());
    assert.equal(metItself(met), false);
  });

  void test('answers probes of ports that nobody has, and of silent ones, in time', async (t) => {
    const silentServer = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => void silentServer.once('listening', resolve));
    t.after(() => silentServer.close());
    const bound = silentServer.address();
    assert.ok(bound !== null && typeof bound === 'object');
    const address = { host: '127.0.0.1', port: bound.port };
    const alive = setInterval(() => undefined, 1_000);
    assert.equal(await host.connect(address, 600_000), true);
    assert.equal(await host.get(address, '/', 50), null);
    assert.equal(await host.get({ ...address, port: host.freePort() ?? 1 }, '/', 600_000), null);
    clearInterval(alive);
  });

  void test('runs readiness commands to their end, or kills them', async () => {
    const base = { args: [] as string[], cwd: '/', env: { CODE: '3' } };
    const alive = setInterval(() => undefined, 1_000);
    assert.equal(await host.run({ ...base, file: '/bin/sh', args: ['-c', 'exit $CODE'] }, 600_000), 3);
    assert.equal(await host.run({ ...base, file: 'no-such-command-here' }, 600_000), null);
    assert.equal(await host.run({ ...base, file: '/bin/sh', args: ['-c', 'sleep 600 & wait'] }, 50), null);
    clearInterval(alive);
  });

  void test('tells of an end after the last words, also where they come behind a flood', async () => {
    const alive = setInterval(() => undefined, 1_000);
    let text = '';
    // More lines than two windows can pay for, and few enough bytes for the pipe to hold when the process ends.
    const line = `yes '' | head -c ${Math.ceil((2 * costPerWindow) / costPerLine)}; echo why; exit 1`;
    await new Promise<void>((resolve) => {
      host.spawn(
        { file: '/bin/sh', args: ['-c', line], cwd: '/', env: {} },
        { output: (_, chunk) => (text += new TextDecoder().decode(chunk)), exited: () => resolve() },
      );
    });
    clearInterval(alive);
    assert.equal(text.trim(), 'why');
  });

  void test('keeps its own settings from what it starts', async () => {
    const own = createNodeHost({
      clock: systemClock,
      random: systemRandom,
      env: { ...process.env, DROWSE_TOKEN: 'secret', NODE_CHANNEL_FD: '3', KEPT: 'yes' },
      platform: process.platform,
    });
    const alive = setInterval(() => undefined, 1_000);
    let text = '';
    await new Promise<void>((resolve) => {
      const source = `const { DROWSE_TOKEN, NODE_CHANNEL_FD, KEPT, MORE } = process.env; console.log(JSON.stringify([DROWSE_TOKEN ?? 0, NODE_CHANNEL_FD ?? 0, KEPT, MORE]))`;
      own.spawn(
        { file: process.execPath, args: ['-e', source], cwd: '/', env: { MORE: 'more' } },
        { output: (_, chunk) => (text += new TextDecoder().decode(chunk)), exited: () => resolve() },
      );
    });
    clearInterval(alive);
    assert.deepEqual(JSON.parse(text), [0, 0, 'yes', 'more']);
  });

  void test('refuses to signal what is no group of a process', () => {
    for (const groupId of [1, 0, -1]) {
      assert.equal(host.signalGroup(groupId, 'SIGKILL'), false);
      assert.equal(host.groupAlive(groupId), false);
    }
  });

  void test('without /proc says that it does not know', async () => {
    const other = createNodeHost({
      clock: systemClock,
      random: systemRandom,
      env: process.env,
      platform: 'darwin',
    });
    assert.equal(other.listeningPorts(process.pid), null);
    assert.equal(await other.resources(process.pid), null);
    assert.equal(other.identity(process.pid), null);
    assert.deepEqual(other.findMarked('x'), []);
  });
});

test('an app that writes without end takes neither memory nor time from others', async (t) => {
  const room = openRoom(t);
  // Lines as short as they can be: the most work for the fewest bytes.
  const noisy = room.add(
    app({
      command: { kind: 'shell', line: "echo start; exec yes ''" },
      readiness: { kind: 'log', pattern: '^start' },
    }),
  );
  let lines = 0;
  room.platform.logs('web').follow(() => void (lines += 1));
  const startedAt = performance.now();
  room.platform.scale('web', 1);
  await noisy.serving(1);
  const quiet = room.add(
    app({ name: 'quiet', command: script(`require('node:net').createServer().listen(process.env.PORT)`) }),
  );
  room.platform.scale('quiet', 1);
  await quiet.serving(1);
  await eventually(
    () => lines > 1_000,
    () => `${lines} lines`,
  );
  const windows = 1 + Math.ceil((performance.now() - startedAt) / windowMs);
  const affordable = (windows * costPerWindow) / costPerLine;
  assert.ok(lines <= affordable, `${lines} lines in ${windows} windows`);
  assert.ok(room.platform.logs('web').tail(1e6).length <= 1_000);
  room.platform.scale('web', 0);
  await noisy.gone();
});
