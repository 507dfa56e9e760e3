import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ProcessApp } from '../../../src/core/app.ts';
import type { Failure } from '../../../src/core/failure.ts';
import type { AppLog, LogLine, Resources } from '../../../src/ports/platform.ts';
import { within } from '../patience.ts';
import { app, nodeHost, openRoom, script, timeoutMs, timeoutsByHand } from './room.ts';

const host = nodeHost();

/** True once something accepts at the port; `undefined` for one that nobody listens on. */
function accepts(port: number | undefined): Promise<boolean> {
  return host.connect({ host: '127.0.0.1', port: port ?? 0 }, 1_000);
}

void describe('a process that serves', () => {
  void test('is spawned within scale, noticed when it accepts, and gone when its group is', async (t) => {
    const { platform, add } = openRoom(t);
    const watcher = add(app());
    platform.scale('web', 1);
    const [starting] = watcher.replicas;
    assert.equal(starting?.phase, 'starting');
    assert.ok(starting.pid !== null && starting.spawnedAtMs !== null);
    assert.equal(host.groupAlive(starting.pid), true);

    await watcher.serving(1);
    const [serving] = watcher.replicas;
    assert.equal(await accepts(serving?.addresses[0]?.port), true);

    platform.scale('web', 0);
    assert.equal(watcher.replicas[0]?.phase, 'terminating');
    await watcher.gone();
    assert.equal(host.groupAlive(starting.pid), false);
    assert.equal(await accepts(serving?.addresses[0]?.port), false);
    assert.deepEqual(watcher.failures, []);
  });

  void test('is noticed within a few milliseconds of listening', async (t) => {
    const { platform, add } = openRoom(t);
    const delays: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const name = `web-${round}`;
      const watcher = add(app({ name }));
      platform.scale(name, 1);
      const heard = firstAccept(watcher.replicas[0]?.addresses[0]?.port);
      await watcher.serving(1);
      delays.push((watcher.replicas[0]?.readyAtMs ?? Infinity) - (await heard));
    }
    // Against somebody who does nothing but ask, in this very process: whatever keeps it waiting keeps both. The median, since it may be kept in between.
    const median = delays.toSorted((a, b) => a - b)[2] ?? Infinity;
    assert.ok(median <= 5, `noticed after ${delays.join(', ')} ms`);
  });

  void test('two replicas listen on ports of their own', async (t) => {
    const { platform, add } = openRoom(t);
    const watcher = add(app());
    platform.scale('web', 2);
    await watcher.serving(2);
    const ports = watcher.replicas.map(({ addresses }) => addresses[0]?.port);
    assert.equal(new Set(ports).size, 2);
    platform.scale('web', 1);
    await watcher.until('one left', () => watcher.replicas.length === 1);
    assert.equal(await accepts(watcher.replicas[0]?.addresses[0]?.port), true);
  });

  void test('may listen on the IPv6 loopback alone', async (t) => {
    if (!(await canListen('::1'))) return t.skip('no IPv6 loopback here');
    const { platform, add } = openRoom(t);
    const source = `require('node:net').createServer().listen(process.env.PORT, '::1');`;
    const watcher = add(app({ command: script(source) }));
    platform.scale('web', 1);
    await watcher.serving(1);
    assert.equal(watcher.replicas[0]?.addresses[0]?.host, '::1');
  });

  void test('gets its environment, its ports and its directory', async (t) => {
    const { platform, add, directory } = openRoom(t);
    const source = `console.log(JSON.stringify([process.env.PORT, process.env.PORT_ADMIN_UI, process.env.LISTEN, process.argv[1], process.cwd(), process.env.DROWSE_APP, process.env.PATH !== undefined]))`;
    const watcher = add(
      app({
        command: {
          kind: 'argv',
          argv: [process.execPath, '-e', `${source}; setInterval(() => {}, 1e6)`, 'on ${PORT}'],
        },
        cwd: directory,
        env: { LISTEN: '127.0.0.1:${PORT}' },
        ports: [
          { name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: 'assigned', protocol: 'auto' },
          {
            name: 'admin-ui',
            listen: { host: '127.0.0.1', port: 8081 },
            target: 'assigned',
            protocol: 'auto',
          },
        ],
        readiness: { kind: 'log', pattern: '^\\[' },
      }),
    );
    platform.scale('web', 1);
    await watcher.serving(1);
    const [main, admin] = watcher.replicas[0]?.addresses.map(({ port }) => String(port)) ?? [];
    const line = platform
      .logs('web')
      .tail(10)
      .find(({ stream }) => stream === 'stdout');
    assert.deepEqual(JSON.parse(line?.text ?? ''), [
      main,
      admin,
      `127.0.0.1:${main}`,
      `on ${main}`,
      directory,
      'web',
      true,
    ]);
  });

  void test('is measured', { skip: process.platform !== 'linux' }, async (t) => {
    const { platform, add } = openRoom(t);
    const burn = `require('node:net').createServer().listen(process.env.PORT); setInterval(() => { for (const end = Date.now() + 20; Date.now() < end;); }, 0)`;
    const watcher = add(app({ command: script(burn) }));
    assert.deepEqual(await platform.resources('web'), { memoryBytes: 0, cpuSeconds: 0 });
    const startedAt = performance.now();
    platform.scale('web', 1);
    await watcher.serving(1);
    // The kernel counts whole ticks, and of a process that is younger than the last look nothing is known.
    const { memoryBytes, cpuSeconds } = await firstUse(t, () => platform.resources('web'));
    const atMostSeconds = ((performance.now() - startedAt) / 1_000) * availableParallelism() + 0.1;
    assert.ok(cpuSeconds <= atMostSeconds, `${cpuSeconds} s of at most ${atMostSeconds} s`);
    assert.ok(memoryBytes > 10e6 && memoryBytes < 1e9, `${memoryBytes} bytes`);
    assert.equal(await platform.resources('nobody'), null);
  });
});

void describe('readiness', () => {
  void test('by HTTP status', async (t) => {
    const { platform, add } = openRoom(t);
    const source = `let n = 0; require('node:http').createServer((q, r) => { r.statusCode = q.url === '/up' && ++n > 3 ? 204 : 503; r.end(); }).listen(process.env.PORT)`;
    const watcher = add(
      app({ command: script(source), readiness: { kind: 'http', path: '/up', status: 204 } }),
    );
    platform.scale('web', 1);
    await watcher.serving(1);
  });

  void test('by a line of output, across writes', async (t) => {
    const { platform, add } = openRoom(t);
    const source = `process.stderr.write('server is re'); setTimeout(() => process.stderr.write('ady\\n'), 20); setInterval(() => {}, 1e6)`;
    const watcher = add(app({ command: script(source), readiness: { kind: 'log', pattern: 'is ready$' } }));
    platform.scale('web', 1);
    await watcher.serving(1);
  });

  void test('by a command', async (t) => {
    const { platform, add, directory } = openRoom(t);
    const watcher = add(
      app({
        cwd: directory,
        command: { kind: 'shell', line: `touch ready-on-\${PORT}; exec sleep 600` },
        readiness: { kind: 'command', command: { kind: 'shell', line: 'test -e ready-on-$PORT' } },
      }),
    );
    platform.scale('web', 1);
    await watcher.serving(1);
  });
});

void describe('bad input has a clear outcome', () => {
  void test('a command that does not exist', async (t) => {
    const failure = await outcome(t, { command: { kind: 'argv', argv: ['no-such-command-here'] } });
    assert.equal(failure.code, 'command-not-found');
    assert.equal(failure.permanent, true);
    assert.match(failure.message, /no-such-command-here was not found in PATH/);
  });

  void test('a command without the right to execute it', async (t) => {
    const { directory, platform, add } = openRoom(t);
    writeFileSync(join(directory, 'server.sh'), 'echo hello');
    chmodSync(join(directory, 'server.sh'), 0o644);
    const watcher = add(app({ cwd: directory, command: { kind: 'argv', argv: ['./server.sh'] } }));
    platform.scale('web', 1);
    const failure = await watcher.failure();
    assert.equal(failure.code, 'not-executable');
    assert.match(failure.message, /chmod \+x/);
    assert.deepEqual(watcher.replicas, []);
  });

  void test('a script whose interpreter does not exist', async (t) => {
    const { directory, platform, add } = openRoom(t);
    writeFileSync(join(directory, 'server'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const watcher = add(app({ cwd: directory, command: { kind: 'argv', argv: ['./server'] } }));
    platform.scale('web', 1);
    const failure = await watcher.failure();
    assert.equal(failure.code, 'command-not-found');
    assert.match(failure.message, /interpreter \/no\/such\/interpreter/);
  });

  void test('a directory that does not exist', async (t) => {
    const failure = await outcome(t, { cwd: '/no/such/directory' });
    assert.equal(failure.code, 'bad-working-directory');
  });

  void test('a directory that is a file', async (t) => {
    const failure = await outcome(t, { cwd: process.execPath });
    assert.equal(failure.code, 'bad-working-directory');
  });

  void test('a shell line with an unknown command', async (t) => {
    const failure = await outcome(t, {
      command: { kind: 'shell', line: 'no-such-command-here --port $PORT' },
    });
    assert.equal(failure.code, 'command-not-found');
    assert.ok(failure.output.some((line) => line.includes('no-such-command-here')));
  });

  void test('exits at once', async (t) => {
    const failure = await outcome(t, {
      command: { kind: 'shell', line: 'echo out; echo missing setting >&2; exit 3' },
    });
    assert.equal(failure.code, 'exited');
    assert.equal(failure.permanent, false);
    assert.match(failure.message, /code 3, .*before it was ready/);
    assert.deepEqual(failure.output.toSorted(), ['missing setting', 'out']);
  });

  void test('never ready, but listens elsewhere', { skip: process.platform !== 'linux' }, async (t) => {
    const source = `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))`;
    const { clock, expire } = timeoutsByHand();
    const { platform, add } = openRoom(t, undefined, clock);
    const watcher = add(app({ command: script(source) }));
    platform.scale('web', 1);
    await nextLine(platform.logs('web'), 'stdout');
    expire();
    const failure = await watcher.failure();
    assert.equal(failure.code, 'not-ready');
    assert.match(
      failure.message,
      new RegExp(`listens on ${failure.output[0]}; write .port: 8080:${failure.output[0]}.`),
    );
  });

  void test('ready, and then dies', async (t) => {
    const { platform, add } = openRoom(t);
    const watcher = add(app());
    platform.scale('web', 1);
    await watcher.serving(1);
    process.kill(watcher.replicas[0]?.pid ?? 0, 'SIGSEGV');
    const failure = await watcher.failure();
    assert.equal(failure.code, 'exited');
    assert.match(failure.message, /SIGSEGV, .*while it was serving/);
    await watcher.gone();
  });

  void test('a stranger on the fixed port', { skip: process.platform !== 'linux' }, async (t) => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => void stranger.once('listening', resolve));
    t.after(() => stranger.close());
    const address = stranger.address();
    assert.ok(address !== null && typeof address === 'object');
    // It never listens by itself: the port must not count as its readiness.
    const command = script('setInterval(() => {}, 1e6)');
    const failure = await outcome(t, { command, ports: fixed(address.port) });
    assert.equal(failure.code, 'target-port-in-use');
    assert.match(failure.message, new RegExp(`port ${address.port}`));
  });
});

void describe('stopping', () => {
  void test('kills what ignores the signal, after the grace', async (t) => {
    const { clock, expire } = timeoutsByHand();
    const { platform, add } = openRoom(t, undefined, clock);
    const source = `process.on('SIGTERM', () => console.log('no')); require('node:net').createServer().listen(process.env.PORT)`;
    const watcher = add(app({ command: script(source) }));
    platform.scale('web', 1);
    await watcher.serving(1);
    const pid = watcher.replicas[0]?.pid ?? 0;
    platform.scale('web', 0);
    await nextLine(platform.logs('web'), 'stdout');
    assert.equal(host.groupAlive(pid), true);
    expire();
    await watcher.gone();
    assert.equal(host.groupAlive(pid), false);
    const lines = platform
      .logs('web')
      .tail(10)
      .map(({ text }) => text);
    assert.ok(lines.includes('no'));
    assert.ok(lines.some((line) => line.includes('killed')));
  });

  void test('sends the signal that the app wants', async (t) => {
    const { platform, add } = openRoom(t);
    const source = `process.on('SIGINT', () => { console.log('bye'); process.exit(0) }); require('node:net').createServer().listen(process.env.PORT)`;
    const stop = { signal: 'SIGINT', graceMs: timeoutMs } as const;
    const watcher = add(app({ command: script(source), stop }));
    platform.scale('web', 1);
    await watcher.serving(1);
    platform.scale('web', 0);
    await watcher.gone();
    assert.ok(
      platform
        .logs('web')
        .tail(10)
        .some(({ text }) => text === 'bye'),
    );
    assert.deepEqual(watcher.failures, []);
  });

  void test('waits for children that outlive the leader, and kills them after the grace', async (t) => {
    const { clock, expire } = timeoutsByHand();
    const { platform, add } = openRoom(t, undefined, clock);
    // The shell dies of the signal; its child ignores it.
    const child = `process.on('SIGTERM', () => console.log('not yet')); require('node:net').createServer().listen(process.env.PORT)`;
    const stubborn = `${process.execPath} -e "${child}" & wait`;
    const watcher = add(app({ command: { kind: 'shell', line: stubborn } }));
    platform.scale('web', 1);
    await watcher.serving(1);
    const group = watcher.replicas[0]?.pid ?? 0;
    platform.scale('web', 0);
    await nextLine(platform.logs('web'), 'stdout');
    await watcher.until('the end of the leader', () => watcher.replicas[0]?.pid === null);
    expire();
    await watcher.gone();
    assert.equal(host.groupAlive(group), false);
    const lines = platform
      .logs('web')
      .tail(10)
      .map(({ text }) => text);
    assert.ok(lines.includes('not yet'), 'the signal reached the child');
    assert.ok(
      lines.findIndex((line) => line.startsWith('stopped')) <
        lines.findIndex((line) => line.includes('killed')),
    );
  });

  void test('a crash of the leader takes its children along', async (t) => {
    const { platform, add } = openRoom(t);
    const line = `${process.execPath} -e "require('node:net').createServer().listen(process.env.PORT)" & wait`;
    const watcher = add(app({ command: { kind: 'shell', line } }));
    platform.scale('web', 1);
    await watcher.serving(1);
    const group = watcher.replicas[0]?.pid ?? 0;
    process.kill(group, 'SIGKILL');
    assert.equal((await watcher.failure()).code, 'exited');
    await watcher.gone();
    assert.equal(host.groupAlive(group), false);
  });

  void test('a fixed port is given back before the next process takes it', async (t) => {
    const port = host.freePort();
    assert.ok(port !== null);
    const { platform, add } = openRoom(t);
    const slow = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 150)); require('node:http').createServer((_, r) => r.end()).listen(process.env.PORT)`;
    const watcher = add(app({ command: script(slow), ports: fixed(port) }));
    platform.scale('web', 1);
    await watcher.serving(1);
    const first = watcher.replicas[0]?.id;
    platform.scale('web', 0);
    platform.scale('web', 1);
    assert.deepEqual(
      watcher.replicas.map(({ id, phase }) => [id, phase]),
      [[first, 'serving']],
      'revived: it had no signal yet',
    );
    platform.scale('web', 0);
    platform.vacated('web', first ?? '');
    platform.scale('web', 1);
    assert.deepEqual(
      watcher.replicas.map(({ phase }) => phase),
      ['terminating'],
    );
    await watcher.serving(1);
    assert.notEqual(watcher.replicas[0]?.id, first);
    assert.deepEqual(watcher.failures, []);
    for (const replicas of watcher.history) assert.ok(replicas.length <= 1, 'never two on one port');
  });

  void test('remove ends everything and resolves then', async (t) => {
    const { platform, add } = openRoom(t);
    const watcher = add(app());
    platform.scale('web', 3);
    await watcher.serving(3);
    const groups = watcher.replicas.map(({ pid }) => pid ?? 0);
    await within(platform.remove('web'), () => 'the end of the app');
    for (const group of groups) assert.equal(host.groupAlive(group), false);
  });
});

/** The failure of an app that cannot serve, once nothing is left of it. */
async function outcome(t: TestContext, more: Partial<ProcessApp>): Promise<Failure> {
  const { platform, add } = openRoom(t);
  const watcher = add(app(more));
  platform.scale('web', 1);
  const failure = await watcher.failure();
  await watcher.gone();
  return failure;
}

function fixed(port: number) {
  return [
    { name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: port, protocol: 'auto' },
  ] as const;
}

function canListen(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, address, () => probe.close(() => resolve(true)));
  });
}

/** The first reading that has seen CPU used; the time-out of the test ends the asking. */
async function firstUse(t: TestContext, read: () => Promise<Resources | null>): Promise<Resources> {
  for (;;) {
    t.signal.throwIfAborted();
    const resources = await read();
    if (resources !== null && resources.cpuSeconds > 0) return resources;
    await turn();
  }
}

/** When a port was first found to be listened on. */
async function firstAccept(port: number | undefined): Promise<number> {
  while (!(await accepts(port))) await turn();
  return performance.now();
}

/** The first line of a stream, which may have been written already. */
function nextLine(log: AppLog, stream: LogLine['stream']): Promise<string> {
  const written = log.tail(100).find((line) => line.stream === stream);
  if (written) return Promise.resolve(written.text);
  return new Promise((resolve) => {
    const stop = log.follow((line) => {
      if (line.stream !== stream) return;
      stop();
      resolve(line.text);
    });
  });
}
