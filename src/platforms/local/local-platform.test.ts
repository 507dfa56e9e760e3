import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Replica } from '../../ports/platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeProcessHost } from '../../testing/fake-process-host.ts';
import { localApp } from '../../testing/local-app.ts';
import { workloadApp } from '../../testing/workload-app.ts';
import { createLocalPlatform } from './local-platform.ts';
import type { ProcessRecord } from './registry.ts';

const ignore = (): void => undefined;

/** A platform on a machine where nothing happens by itself. */
class Stage {
  readonly clock = new FakeClock();
  readonly host = new FakeProcessHost();
  readonly records = new Map<string, ProcessRecord>();
  /** What the observer was told, in words. */
  readonly told: string[] = [];
  readonly failures: Failure[] = [];
  replicas: readonly Replica[] = [];
  private chance = 0;
  readonly platform = createLocalPlatform({
    host: this.host,
    clock: this.clock,
    random: { next: () => (this.chance += 0.0001) },
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    registry: {
      record: (record) => void this.records.set(record.replicaId, record),
      forget: (replicaId) => void this.records.delete(replicaId),
      all: () => [...this.records.values()],
    },
    logDirectory: null,
    mark: 'here',
  });

  add(more: Partial<ProcessApp> = {}): void {
    this.platform.add(localApp(more), {
      observed: (replicas) => {
        this.replicas = replicas;
        this.told.push(replicas.map(({ phase }) => phase).join(' ') || 'none');
      },
      failed: (failure) => {
        this.failures.push(failure);
        this.told.push(`failed: ${failure.code}`);
      },
    });
  }

  scale(count: number): void {
    this.platform.scale('web', count);
  }

  /** Lets time pass by the millisecond, and lets probes be answered in between. */
  async pass(ms: number): Promise<void> {
    for (let step = 0; step < ms; step += 1) {
      this.clock.advance(1);
      for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
    }
  }

  /** One replica that serves. */
  async serve(more: Partial<ProcessApp> = {}): Promise<void> {
    this.add(more);
    this.scale(1);
    this.host.listen(this.host.last);
    await this.pass(5);
    assert.equal(this.replicas[0]?.phase, 'serving');
    this.told.length = 0;
  }

  get lines(): readonly string[] {
    return this.platform
      .logs('web')
      .tail(100)
      .map(({ text }) => text);
  }
}

function fixed(port: number): ProcessApp['ports'] {
  return [{ name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: port, protocol: 'auto' }];
}

void describe('a start', () => {
  void test('spawns before scale returns, and says so', () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    const [replica] = stage.replicas;
    assert.equal(replica?.phase, 'starting');
    assert.equal(replica.pid, stage.host.last.pid);
    assert.deepEqual(replica.addresses, [{ host: '127.0.0.1', port: 20_001, portName: 'main' }]);
    assert.equal(replica.readyAtMs, null);
    assert.equal(stage.host.last.request.env['DROWSE_REPLICA'], replica.id);
    assert.deepEqual(
      [...stage.records.values()],
      [
        {
          app: 'web',
          replicaId: replica.id,
          groupId: stage.host.last.pid,
          identity: `boot:${stage.host.last.pid}`,
          addresses: replica.addresses,
        },
      ],
    );
  });

  void test('is asked for as a level: twice the same changes and tells nothing', () => {
    const stage = new Stage();
    stage.add();
    stage.scale(2);
    stage.scale(2);
    assert.equal(stage.host.processes.length, 2);
    assert.deepEqual(stage.told, ['starting starting']);
  });

  void test('is seen within 3 ms of listening at first, and within 5 ms later on', async () => {
    for (const [afterMs, withinMs, loopback] of [
      [50, 3, '127.0.0.1'],
      [5_000, 5, '127.0.0.1'],
      // `localhost` is the IPv6 loopback alone to many a development server; whichever probe comes next.
      ...Array.from({ length: 8 }, (_, later) => [50 + later, 5, '::1'] as const),
      ...Array.from({ length: 16 }, (_, later) => [5_000 + later, 5, '::1'] as const),
    ] as const) {
      const stage = new Stage();
      stage.add();
      stage.scale(1);
      await stage.pass(afterMs);
      stage.host.listen(stage.host.last, 20_001, loopback);
      const listensAtMs = stage.clock.monoMs();
      await stage.pass(withinMs);
      const readyAtMs = stage.replicas[0]?.readyAtMs ?? Infinity;
      assert.ok(readyAtMs - listensAtMs <= withinMs, `${afterMs}: after ${readyAtMs - listensAtMs} ms`);
      assert.equal(stage.clock.timers, 0, 'nothing runs on for a replica that serves');
    }
  });

  void test('never has two probes under way', async () => {
    const stage = new Stage();
    let answer: (accepted: boolean) => void = ignore;
    let asked = 0;
    stage.host.connect = () => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    };
    stage.add();
    stage.scale(1);
    await stage.pass(300);
    assert.equal(asked, 1);
    answer(false);
    await stage.pass(5);
    assert.equal(asked, 2);
    // An answer that comes too late changes nothing.
    stage.scale(0);
    answer(true);
    await stage.pass(5);
    assert.equal(stage.replicas[0]?.phase, 'terminating');
  });

  void test('survives a probe that fails in an unexpected way', async () => {
    const stage = new Stage();
    const connect = stage.host.connect.bind(stage.host);
    stage.host.connect = () => Promise.reject(new Error('EMFILE'));
    stage.add();
    stage.scale(1);
    stage.host.listen(stage.host.last);
    await stage.pass(5);
    stage.host.connect = connect;
    await stage.pass(5);
    assert.equal(stage.replicas[0]?.phase, 'serving');
  });

  void test('is found on the IPv6 loopback too', async () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    stage.host.listen(stage.host.last, 20_001, '::1');
    await stage.pass(12);
    assert.deepEqual(stage.replicas[0]?.addresses, [{ host: '::1', port: 20_001, portName: 'main' }]);
  });

  void test('never gets a port that an app is configured with, nor one given already', () => {
    const stage = new Stage();
    stage.add({
      ports: [
        { name: 'main', listen: { host: '127.0.0.1', port: 20_001 }, target: 'assigned', protocol: 'auto' },
        { name: 'b', listen: { host: '127.0.0.1', port: 20_002 }, target: 'assigned', protocol: 'auto' },
      ],
    });
    stage.platform.add(localApp({ name: 'other', ports: fixed(20_003) }), {
      observed: ignore,
      failed: ignore,
    });
    stage.scale(1);
    stage.host.nextPort = 20_000;
    stage.scale(2);
    const ports = stage.replicas.flatMap(({ addresses }) => addresses.map(({ port }) => port));
    assert.deepEqual(ports, [20_004, 20_005, 20_006, 20_007]);
  });

  void test('fails without a free port', () => {
    const stage = new Stage();
    stage.host.nextPort = 65_535;
    stage.add();
    stage.scale(3);
    assert.deepEqual(stage.told, ['failed: spawn-failed', 'none']);
  });

  void test('that cannot be spawned fails at once, once, and with what to do about it', () => {
    const codes = [
      ['ENOENT', 'command-not-found', true],
      ['EACCES', 'not-executable', true],
      ['ENOTDIR', 'bad-working-directory', true],
      ['EAGAIN', 'spawn-failed', false],
    ] as const;
    for (const [code, expected, permanent] of codes) {
      const stage = new Stage();
      stage.host.refusal = { ok: false, code, message: 'do this' };
      stage.add();
      stage.scale(3);
      assert.deepEqual(stage.told, [`failed: ${expected}`, 'none']);
      assert.deepEqual(stage.failures, [{ code: expected, message: 'do this', output: [], permanent }]);
      assert.deepEqual(stage.lines, ['do this']);
      assert.equal(stage.records.size, 0);
    }
  });
});

void describe('readiness', () => {
  void test('by HTTP waits for the status', async () => {
    for (const [wanted, given, ready] of [
      [null, 204, true],
      [null, 302, true],
      [null, 404, false],
      [null, 503, false],
      [200, 204, false],
      [401, 401, true],
    ] as const) {
      const stage = new Stage();
      stage.add({ readiness: { kind: 'http', path: '/', status: wanted } });
      stage.scale(1);
      stage.host.listen(stage.host.last);
      stage.host.status = given;
      await stage.pass(100);
      assert.equal(stage.replicas[0]?.phase, ready ? 'serving' : 'starting', `${wanted} ${given}`);
      // One that answers "not yet" is not asked five hundred times a second.
      if (!ready) assert.ok(stage.host.probes <= 6, `${stage.host.probes} probes`);
    }
  });

  void test('by output looks at whole lines of both streams', async () => {
    const stage = new Stage();
    stage.add({ readiness: { kind: 'log', pattern: '^ready on \\d+$' } });
    stage.scale(1);
    stage.host.write(stage.host.last, 'not ready on 1\nready o', 'stderr');
    assert.equal(stage.replicas[0]?.phase, 'starting');
    stage.host.write(stage.host.last, 'n 80\n', 'stderr');
    assert.equal(stage.replicas[0]?.phase, 'serving');
    await stage.pass(100);
    assert.equal(stage.host.probes, 0);
  });

  void test('by output with a pattern that is none is refused before anything starts', () => {
    const stage = new Stage();
    stage.add({ readiness: { kind: 'log', pattern: '(' } });
    stage.scale(1);
    assert.deepEqual([stage.failures[0]?.code, stage.failures[0]?.permanent], ['not-ready', true]);
    assert.equal(stage.host.processes.length, 0);
  });

  void test('by command waits for exit code 0, and starts few of them', async () => {
    const stage = new Stage();
    stage.add({ readiness: { kind: 'command', command: { kind: 'argv', argv: ['check'] } } });
    stage.scale(1);
    await stage.pass(1_000);
    assert.ok(stage.host.probes > 5 && stage.host.probes <= 11, `${stage.host.probes} commands`);
    stage.host.commandCode = null;
    await stage.pass(200);
    assert.equal(stage.replicas[0]?.phase, 'starting');
    stage.host.commandCode = 0;
    await stage.pass(101);
    assert.equal(stage.replicas[0]?.phase, 'serving');
  });
});

void describe('a start that fails', () => {
  void test('when it takes too long: says what was waited for and where it listens, and is stopped', async () => {
    const stage = new Stage();
    stage.add({ startTimeoutMs: 500 });
    stage.scale(1);
    stage.host.write(stage.host.last, 'loading\n');
    stage.host.listen(stage.host.last, 3_000);
    await stage.pass(501);
    assert.deepEqual(stage.told, ['starting', 'failed: not-ready', 'terminating']);
    assert.equal(
      stage.failures[0]?.message,
      'Not ready within 500 ms: waited for a TCP connection to port 20001. The process listens on 3000; write `port: 8080:3000`.',
    );
    assert.deepEqual(stage.failures[0].output, ['loading']);
    assert.deepEqual(stage.host.last.signals, ['SIGTERM']);
    stage.host.exit(stage.host.last, 0);
    assert.deepEqual(stage.told.slice(3), ['none']);
    assert.equal(stage.records.size, 0);
  });

  void test('says before that where it listens instead, while it starts and no more', async () => {
    const stage = new Stage();
    stage.add({ startTimeoutMs: 20_000 });
    stage.scale(1);
    stage.host.listen(stage.host.last, 3_000);
    const advice = () => stage.platform.startAdvice('web');
    stage.clock.advance(2_999);
    assert.equal(advice(), null, 'it may be about to listen where it should');
    stage.clock.advance(1);
    assert.equal(
      advice(),
      'The process is waited for at port 20001, and listens on 3000; write `port: 8080:3000`.',
    );
    stage.host.listen(stage.host.last, 4_000);
    stage.clock.advance(2_999);
    assert.match(advice() ?? '', /listens on 3000; write/, 'not read each time that somebody asks');
    stage.clock.advance(1);
    assert.match(advice() ?? '', /listens on 3000, 4000\.$/);
    stage.host.knowing = false;
    stage.clock.advance(3_000);
    assert.equal(advice(), null, 'unknown');
    stage.host.knowing = true;
    stage.host.listen(stage.host.last);
    stage.clock.advance(3_000);
    assert.equal(advice(), null, 'it listens where it should');
    await stage.pass(500);
    assert.equal(stage.replicas[0]?.phase, 'serving');
    assert.equal(stage.platform.startAdvice('nobody'), null);
  });

  void test('without advice where the machine cannot tell, or there is none to give', async () => {
    const messages = [];
    for (const ports of [null, [], [3_000, 4_000], [20_001]]) {
      const stage = new Stage();
      stage.host.knowing = ports !== null;
      stage.add({ startTimeoutMs: 1_500, readiness: { kind: 'http', path: '/up', status: 200 } });
      stage.scale(1);
      stage.host.status = 500;
      for (const port of ports ?? []) stage.host.listen(stage.host.last, port);
      await stage.pass(1_501);
      messages.push(stage.failures[0]?.message.split('path /up.')[1]);
    }
    assert.deepEqual(messages, [
      '',
      ' The process listens on no TCP port.',
      ' The process listens on 3000, 4000.',
      ' The process does listen on 20001.',
    ]);
  });

  void test('when it exits: with code, last lines, and a hint for those that go to the background', async () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    await stage.pass(1_200);
    for (let line = 0; line < 30; line += 1) stage.host.write(stage.host.last, `line ${line}\n`);
    stage.host.write(stage.host.last, 'cut short', 'stderr');
    stage.host.exit(stage.host.last, 2);
    assert.deepEqual(stage.told, ['starting', 'failed: exited', 'none']);
    const [failure] = stage.failures;
    assert.equal(
      failure?.message,
      'The process exited with code 2, 1.2 s after its start and before it was ready.',
    );
    assert.equal(failure.output.length, 20);
    assert.equal(failure.output.at(-1), 'cut short');
    assert.equal(stage.records.size, 0);
    assert.equal(stage.clock.timers, 0);

    stage.scale(1);
    stage.host.exit(stage.host.last, 0);
    assert.match(stage.failures[1]?.message ?? '', /stay in the foreground/);
    assert.deepEqual(stage.failures[1]?.output, [], 'not the lines of the one before');
  });

  void test('when the shell cannot run its line', () => {
    for (const [code, expected] of [
      [127, 'command-not-found'],
      [126, 'not-executable'],
      [1, 'exited'],
    ] as const) {
      const stage = new Stage();
      stage.add({ command: { kind: 'shell', line: 'serve' } });
      stage.scale(1);
      stage.host.exit(stage.host.last, code);
      assert.equal(stage.failures[0]?.code, expected);
      assert.equal(stage.failures[0].permanent, code !== 1);
    }
  });

  void test('with the codes of a shell from a program that is none, or late, means only that it exited', async () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    stage.host.exit(stage.host.last, 127);
    const shell = new Stage();
    await shell.serve({ command: { kind: 'shell', line: 'serve' } });
    shell.host.exit(shell.host.last, 127);
    assert.deepEqual([stage.failures[0]?.code, shell.failures[0]?.code], ['exited', 'exited']);
  });

  void test('does not start again by itself', async () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    stage.host.exit(stage.host.last, 1);
    await stage.pass(200);
    assert.equal(stage.host.processes.length, 1);
  });
});

void describe('a fixed port', () => {
  void test('with a stranger on it is a failure, not readiness', async () => {
    const stage = new Stage();
    stage.host.strangers.add(9_000);
    stage.add({ ports: fixed(9_000) });
    stage.scale(1);
    await stage.pass(3);
    assert.deepEqual(stage.told, ['starting', 'failed: target-port-in-use', 'terminating']);
    assert.deepEqual(stage.host.last.signals, ['SIGTERM']);
  });

  void test('with a stranger on it explains why the process exited', async () => {
    const stage = new Stage();
    stage.host.strangers.add(9_000);
    stage.add({ ports: fixed(9_000) });
    stage.scale(1);
    stage.host.exit(stage.host.last, 1);
    assert.equal(stage.failures[0]?.code, 'target-port-in-use');
  });

  void test('that somebody holds on another address only is no harm', async () => {
    const stage = new Stage();
    stage.host.portFree = () => false;
    stage.add({ ports: fixed(9_000) });
    stage.scale(1);
    await stage.pass(5);
    stage.host.listen(stage.host.last, 9_000);
    await stage.pass(5);
    assert.equal(stage.replicas[0]?.phase, 'serving');
    stage.scale(0);
    assert.deepEqual(stage.failures, []);
  });

  void test('that looked taken, but is our own process, is no failure', async () => {
    const stage = new Stage();
    stage.host.portFree = () => false;
    stage.add({ ports: fixed(9_000) });
    stage.scale(1);
    stage.host.listen(stage.host.last, 9_000);
    await stage.pass(5);
    assert.equal(stage.replicas[0]?.phase, 'serving');
  });

  void test('is where at most one replica runs', () => {
    const stage = new Stage();
    stage.add({ ports: fixed(9_000) });
    stage.scale(3);
    assert.equal(stage.host.processes.length, 1);
  });

  void test('is waited for until the whole old group has given it back; then the start is immediate', async () => {
    const stage = new Stage();
    await stage.serve({ ports: fixed(9_000), stop: { signal: 'SIGINT', graceMs: 5_000 }, drainTimeoutMs: 0 });
    const old = stage.host.last;
    old.children = 1;
    stage.scale(0);
    await stage.pass(1);
    assert.deepEqual(old.signals, ['SIGINT']);
    stage.scale(1);
    stage.scale(1);
    stage.host.exit(old, 0);
    await stage.pass(50);
    assert.equal(stage.host.processes.length, 1, 'its child still has the port');
    assert.deepEqual(
      stage.replicas.map(({ phase, pid }) => [phase, pid]),
      [['terminating', null]],
    );
    old.children = 0;
    old.listening.clear();
    await stage.pass(101);
    assert.equal(stage.host.processes.length, 2);
    assert.deepEqual(
      stage.replicas.map(({ phase }) => phase),
      ['starting'],
    );
  });

  void test('is not waited for any more when the wish has gone', async () => {
    const stage = new Stage();
    await stage.serve({
      ports: fixed(9_000),
      stop: { signal: 'SIGTERM', graceMs: 5_000 },
      drainTimeoutMs: 0,
    });
    stage.scale(0);
    await stage.pass(1);
    stage.scale(1);
    stage.scale(0);
    stage.host.exit(stage.host.last, 0);
    assert.equal(stage.host.processes.length, 1);
    assert.deepEqual(stage.replicas, []);
  });

  void test('comes free with a crash, and a start that was asked for meanwhile follows', async () => {
    const stage = new Stage();
    await stage.serve({ ports: fixed(9_000) });
    const old = stage.host.last;
    old.children = 1;
    stage.host.exit(old, 1);
    stage.scale(1);
    assert.equal(stage.host.processes.length, 2, 'SIGKILL leaves nothing of the group to wait for');
  });
});

void describe('a replica that serves', () => {
  void test('and dies has failed; its children are killed with it', async () => {
    const stage = new Stage();
    await stage.serve();
    const { last } = stage.host;
    last.children = 2;
    stage.host.exit(last, null, 'SIGSEGV');
    assert.deepEqual(stage.told, ['failed: exited', 'none']);
    assert.match(stage.failures[0]?.message ?? '', /was ended by SIGSEGV, .* while it was serving\.$/);
    assert.deepEqual(last.signals, ['SIGKILL']);
  });

  void test('may be scaled up again by whoever hears of its death', async () => {
    const stage = new Stage();
    let calls = 0;
    stage.platform.add(localApp(), {
      observed: ignore,
      failed: () => {
        calls += 1;
        if (calls < 3) stage.scale(1);
      },
    });
    stage.scale(1);
    stage.host.exit(stage.host.last, 1);
    assert.equal(stage.host.processes.length, 2);
    stage.host.exit(stage.host.last, 1);
    assert.equal(stage.host.processes.length, 3);
  });
});

void describe('stopping', () => {
  void test('waits for what is in flight, then signals, then kills the group, then is gone', async () => {
    const stage = new Stage();
    await stage.serve();
    const { last } = stage.host;
    last.children = 1;
    stage.scale(0);
    await stage.pass(500);
    assert.deepEqual(last.signals, []);
    stage.platform.vacated('web', stage.replicas[0]?.id ?? '');
    assert.deepEqual(last.signals, ['SIGTERM']);
    stage.platform.vacated('web', stage.replicas[0]?.id ?? '');
    stage.clock.advance(4_999);
    assert.deepEqual(last.signals, ['SIGTERM']);
    await stage.pass(1);
    assert.deepEqual(last.signals, ['SIGTERM', 'SIGKILL']);
    assert.deepEqual(
      stage.replicas.map(({ phase }) => phase),
      ['terminating'],
    );
    stage.host.reap(last);
    assert.deepEqual(stage.replicas, []);
    assert.deepEqual(stage.failures, []);
    assert.ok(stage.lines.includes('had not stopped 5000 ms after its signal: killed'));
    assert.equal(stage.clock.timers, 0);
  });

  void test('does not wait longer than the drain time', async () => {
    const stage = new Stage();
    await stage.serve();
    stage.scale(0);
    await stage.pass(999);
    assert.deepEqual(stage.host.last.signals, []);
    await stage.pass(1);
    assert.deepEqual(stage.host.last.signals, ['SIGTERM']);
  });

  void test('does not wait for one that has not begun to serve', () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    stage.scale(0);
    assert.deepEqual(stage.host.last.signals, ['SIGTERM']);
    stage.host.exit(stage.host.last, null, 'SIGTERM');
    assert.deepEqual(stage.told, ['starting', 'terminating', 'none']);
  });

  void test('waits for children after the leader, without a second signal, and kills them after the grace', async () => {
    const stage = new Stage();
    await stage.serve({ stop: { signal: 'SIGQUIT', graceMs: 300 }, drainTimeoutMs: 0 });
    const { last } = stage.host;
    last.children = 1;
    stage.scale(0);
    await stage.pass(1);
    stage.host.exit(last, 0);
    await stage.pass(250);
    assert.deepEqual(last.signals, ['SIGQUIT']);
    assert.equal(stage.replicas.length, 1);
    await stage.pass(60);
    assert.deepEqual(last.signals, ['SIGQUIT', 'SIGKILL']);
    assert.deepEqual(stage.replicas, []);
  });

  void test('turns around while nothing has been signalled', async () => {
    const stage = new Stage();
    await stage.serve();
    const [before] = stage.replicas;
    stage.scale(0);
    stage.scale(1);
    assert.deepEqual(stage.replicas, [before]);
    assert.deepEqual(stage.told, ['terminating', 'serving']);
    stage.clock.advance(5_000);
    assert.deepEqual(stage.host.last.signals, []);
    // What was said of the time before is not meant for the time after.
    stage.platform.vacated('web', before?.id ?? '');
    assert.deepEqual(stage.host.last.signals, []);
  });

  void test('does not turn around to an old configuration', async () => {
    const stage = new Stage();
    await stage.serve();
    stage.scale(0);
    stage.platform.update(localApp({ env: { VERSION: '2' } }));
    stage.scale(1);
    assert.deepEqual(
      stage.replicas.map(({ phase }) => phase),
      ['terminating', 'starting'],
    );
    assert.equal(stage.host.last.request.env['VERSION'], '2');
  });

  void test('a start that the configuration has overtaken is stopped, without a failure; what serves goes on', async () => {
    const stage = new Stage();
    stage.add();
    stage.scale(1);
    assert.equal(stage.platform.update(localApp({ sleepAfterMs: 5_000 })), false, 'the process is the same');
    assert.equal(stage.platform.update(localApp({ readiness: { kind: 'log', pattern: 'up' } })), true);
    assert.deepEqual(stage.host.last.signals, ['SIGTERM']);
    stage.scale(1);
    assert.deepEqual(stage.told, ['starting', 'terminating', 'terminating starting']);
    stage.host.write(stage.host.last, 'up\n');
    assert.equal(stage.platform.update(localApp({ env: { VERSION: '2' } })), false, 'it serves');
    assert.deepEqual(stage.host.last.signals, []);
    assert.deepEqual(stage.failures, []);
  });

  void test('a start that the configuration has overtaken gives its fixed port back first', async () => {
    const stage = new Stage();
    const ports = localApp().ports.map((port) => ({ ...port, target: 9_000 }));
    stage.add({ ports });
    stage.scale(1);
    const before = stage.host.last;
    assert.equal(stage.platform.update(localApp({ ports, env: { VERSION: '2' } })), true);
    stage.scale(1);
    assert.equal(stage.host.last, before, 'its port is not free yet');
    stage.host.exit(before, 0);
    assert.equal(stage.host.last.request.env['VERSION'], '2');
    assert.deepEqual(stage.failures, []);
  });

  void test('a death while draining is no failure', async () => {
    const stage = new Stage();
    await stage.serve();
    stage.scale(0);
    stage.host.exit(stage.host.last, 0);
    assert.deepEqual(stage.failures, []);
    assert.deepEqual(stage.replicas, []);
  });

  void test('starts beside one that is going, on a port of its own', async () => {
    const stage = new Stage();
    await stage.serve();
    stage.scale(0);
    await stage.pass(1_000);
    stage.scale(1);
    assert.deepEqual(
      stage.replicas.map(({ phase }) => phase),
      ['terminating', 'starting'],
    );
    const ports = stage.replicas.map(({ addresses }) => addresses[0]?.port);
    assert.equal(new Set(ports).size, 2);
  });

  void test('takes those first that do not serve yet, then the youngest', async () => {
    const stage = new Stage();
    await stage.serve();
    stage.scale(2);
    stage.host.listen(stage.host.last);
    await stage.pass(5);
    stage.scale(3);
    stage.scale(1);
    assert.deepEqual(
      stage.replicas.map(({ phase }) => phase),
      ['serving', 'terminating', 'terminating'],
    );
    assert.deepEqual(
      stage.host.processes.map(({ signals }) => signals.length),
      [0, 0, 1],
    );
  });

  void test('polls a group that will not go ever more slowly', async () => {
    const stage = new Stage();
    await stage.serve({ stop: { signal: 'SIGTERM', graceMs: 10 }, drainTimeoutMs: 0 });
    const { last } = stage.host;
    // In uninterruptible sleep, not even SIGKILL ends it.
    stage.host.signalGroup = () => true;
    last.children = 1;
    let asked = 0;
    const alive = stage.host.groupAlive.bind(stage.host);
    stage.host.groupAlive = (groupId) => {
      asked += 1;
      return alive(groupId);
    };
    stage.scale(0);
    await stage.pass(1);
    stage.host.exit(last, 0);
    stage.clock.advance(10_000);
    assert.ok(asked < 130, `${asked} polls`);
    last.children = 0;
    await stage.pass(101);
    assert.deepEqual(stage.replicas, []);
  });
});

void describe('an app', () => {
  void test('is removed when its last process is gone; its port is kept until then', async () => {
    const stage = new Stage();
    await stage.serve();
    let removed = false;
    const removal = stage.platform.remove('web').then(() => (removed = true));
    assert.deepEqual(stage.host.last.signals, ['SIGTERM'], 'at once: whoever removes has drained');
    stage.host.nextPort = 20_000;
    stage.platform.add(localApp({ name: 'next' }), { observed: ignore, failed: ignore });
    stage.platform.scale('next', 1);
    assert.equal(stage.host.last.request.env['PORT'], '20002');
    await stage.pass(10);
    assert.equal(removed, false);
    const [first] = stage.host.processes;
    assert.ok(first);
    stage.host.exit(first, 0);
    await removal;
    assert.deepEqual(stage.replicas, []);
  });

  void test('is killed with all others, wherever they are on their way, and nothing is started any more', async () => {
    const stage = new Stage();
    const { platform, host } = stage;
    await stage.serve({ ports: fixed(9_000) });
    const serving = host.last;
    platform.add(localApp({ name: 'leaving' }), { observed: ignore, failed: ignore });
    platform.scale('leaving', 1);
    const leaving = host.last;
    const removal = platform.remove('leaving');
    platform.add(localApp({ name: 'next' }), { observed: ignore, failed: ignore });
    platform.scale('next', 1);
    const starting = host.last;
    let killed = false;
    const killing = platform.killAll().then(() => (killed = true));
    assert.deepEqual(serving.signals, ['SIGKILL']);
    assert.deepEqual(starting.signals, ['SIGKILL']);
    assert.deepEqual(leaving.signals, ['SIGTERM', 'SIGKILL']);
    stage.scale(1);
    platform.scale('next', 2);
    for (const process of [serving, starting]) host.reap(process);
    await stage.pass(5);
    assert.equal(killed, false, 'one is left');
    host.reap(leaving);
    await Promise.all([killing, removal]);
    assert.equal(host.processes.length, 3);
    assert.deepEqual([...stage.records.keys()], []);
  });

  void test('that runs nothing, or is unknown, is removed at once', async () => {
    const stage = new Stage();
    stage.add();
    await stage.platform.remove('web');
    await stage.platform.remove('web');
    stage.platform.scale('web', 1);
    stage.platform.vacated('web', 'x');
    stage.platform.update(localApp());
    assert.deepEqual(stage.platform.logs('web').tail(1), []);
    assert.equal(await stage.platform.resources('web'), null);
    assert.equal(stage.host.processes.length, 0);
    stage.add();
  });

  void test('cannot be added twice', () => {
    const stage = new Stage();
    stage.add();
    assert.throws(() => stage.add(), /web/);
  });

  void test('cannot be a workload of a cluster', () => {
    const observer = { observed: ignore, failed: ignore };
    assert.throws(() => new Stage().platform.add(workloadApp(), observer), /shop\/web is a workload/);
  });

  void test('says what all of its groups use, or that it is unknown', async () => {
    const stage = new Stage();
    stage.add();
    assert.deepEqual(await stage.platform.resources('web'), { memoryBytes: 0, cpuSeconds: 0 });
    stage.scale(2);
    assert.deepEqual(await stage.platform.resources('web'), { memoryBytes: 2_000, cpuSeconds: 4 });
    stage.host.knowing = false;
    assert.equal(await stage.platform.resources('web'), null);
  });
});
