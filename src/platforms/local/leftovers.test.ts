import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProcessApp } from '../../core/app.ts';
import type { Failure } from '../../core/failure.ts';
import type { Replica } from '../../ports/platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { type FakeProcess, FakeProcessHost } from '../../testing/fake-process-host.ts';
import { localApp } from '../../testing/local-app.ts';
import { createLocalPlatform, type LocalPlatform } from './local-platform.ts';
import type { ProcessRecord } from './registry.ts';

const addresses = [{ host: '127.0.0.1', port: 9_000 }];
const request = { file: 'serve', args: [], cwd: '/', env: { PORT: '9000' } };

function portsAt(target: number): ProcessApp['ports'] {
  return [{ name: 'main', listen: { host: '127.0.0.1', port: 8_080 }, target, protocol: 'auto' }];
}

/** A machine on which an earlier Drowse was killed. */
class Aftermath {
  readonly clock = new FakeClock();
  readonly host = new FakeProcessHost();
  readonly records = new Map<string, ProcessRecord>();
  readonly warnings: string[] = [];
  readonly failures: Failure[] = [];
  replicas: readonly Replica[] | null = null;

  left(): FakeProcess {
    return this.host.place(request, null);
  }

  record(process: FakeProcess, more: Partial<ProcessRecord> = {}): void {
    const base = { app: 'web', replicaId: `old-${process.pid}`, groupId: process.pid, addresses };
    const record = { ...base, identity: `boot:${process.pid}`, ...more };
    this.records.set(record.replicaId, record);
  }

  mark(process: FakeProcess, app = 'web'): void {
    this.host.marked.push({ groupId: process.pid, app, replicaId: `old-${process.pid}` });
  }

  restart(): LocalPlatform {
    return createLocalPlatform({
      host: this.host,
      clock: this.clock,
      random: { next: () => 0.5 },
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: (_, text) => void this.warnings.push(text),
        error: () => undefined,
      },
      registry: {
        record: (record) => void this.records.set(record.replicaId, record),
        forget: (replicaId) => void this.records.delete(replicaId),
        all: () => [...this.records.values()],
      },
      logDirectory: null,
      mark: 'here',
    });
  }

  add(platform: LocalPlatform, more: Partial<ProcessApp> = {}): void {
    platform.add(localApp({ stop: { signal: 'SIGINT', graceMs: 200 }, drainTimeoutMs: 0, ...more }), {
      observed: (replicas) => {
        this.replicas = replicas;
      },
      failed: (failure) => void this.failures.push(failure),
    });
  }

  /** The apps of which this Drowse has started a process, in order. */
  started(): readonly string[] {
    return this.host.processes.flatMap(({ request: { env } }) => env['DROWSE_APP'] ?? []);
  }
}

void describe('left-overs', () => {
  void test('are reported as terminating, ended by the rules of the app, and waited for before a start', () => {
    const scene = new Aftermath();
    const old = scene.left();
    old.children = 1;
    scene.record(old);
    const platform = scene.restart();
    assert.deepEqual(old.signals, [], 'not before the app is added');
    scene.add(platform);
    assert.deepEqual(
      scene.replicas?.map(({ id, phase, pid, addresses: at }) => [id, phase, pid, at]),
      [
        [
          `old-${old.pid}`,
          'terminating',
          old.pid,
          addresses.map((address) => ({ ...address, portName: '' })),
        ],
      ],
    );
    assert.deepEqual(old.signals, ['SIGINT']);
    platform.scale('web', 1);
    assert.equal(scene.host.processes.length, 1, 'not two of one app');
    scene.clock.advance(200);
    assert.deepEqual(old.signals, ['SIGINT', 'SIGKILL']);
    old.leaderAlive = false;
    scene.clock.advance(100);
    assert.deepEqual(
      scene.replicas.map(({ phase }) => phase),
      ['starting'],
    );
    assert.deepEqual(
      [...scene.records.values()].map(({ groupId }) => groupId),
      [scene.host.last.pid],
    );
  });

  for (const recorded of [true, false])
    void test(`of an app that has another name now, ${recorded ? '' : 'not '}recorded: its fixed port is waited for`, () => {
      const scene = new Aftermath();
      const old = scene.left();
      scene.host.listen(old);
      if (recorded) scene.record(old, { app: 'former' });
      else scene.mark(old, 'former');
      const platform = scene.restart();
      scene.add(platform, { name: 'fixed', ports: portsAt(9_000) });
      scene.add(platform, { name: 'elsewhere', ports: portsAt(9_001) });
      for (const name of ['fixed', 'elsewhere']) platform.scale(name, 1);
      assert.deepEqual(scene.started(), ['elsewhere']);
      void platform.sweep();
      assert.deepEqual(old.signals, ['SIGTERM']);
      scene.host.exit(old, 0);
      scene.clock.advance(100);
      assert.deepEqual(scene.started(), ['elsewhere', 'fixed']);
      assert.deepEqual(scene.failures, []);
    });

  void test('are told of on screen and in the log of the app, once each', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    const platform = scene.restart();
    scene.add(platform);
    assert.deepEqual(scene.warnings, ['ending a process left over from an earlier run']);
    const lines = platform.logs('web').tail(10);
    assert.deepEqual(
      lines.map(({ replicaId, stream, text }) => [replicaId, stream, text]),
      [[`old-${old.pid}`, 'drowse', `ending process group ${old.pid}, left over from an earlier run`]],
    );
  });

  void test('that were not recorded any more are known by their mark', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.mark(old);
    scene.add(scene.restart());
    assert.deepEqual(old.signals, ['SIGINT']);
    old.leaderAlive = false;
    scene.clock.advance(100);
    assert.deepEqual(scene.replicas, []);
  });

  void test('without their leader are known by their mark', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    scene.mark(old);
    old.leaderAlive = false;
    old.children = 1;
    scene.add(scene.restart());
    assert.deepEqual(old.signals, ['SIGINT']);
    scene.clock.advance(200);
    assert.deepEqual(old.signals, ['SIGINT', 'SIGKILL']);
    scene.clock.advance(100);
    assert.deepEqual(scene.replicas, []);
  });

  void test('without leader and mark are not touched, and that is said', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    old.leaderAlive = false;
    old.children = 1;
    scene.add(scene.restart());
    assert.deepEqual(old.signals, []);
    assert.equal(scene.replicas, null);
    assert.deepEqual([scene.records.size, scene.warnings.length], [0, 1]);
  });

  void test('that are gone are forgotten in silence', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    old.leaderAlive = false;
    scene.add(scene.restart());
    assert.deepEqual([scene.records.size, scene.warnings.length, scene.replicas], [0, 0, null]);
  });

  void test('are not mistaken for a later process with their number', () => {
    const scene = new Aftermath();
    const stranger = scene.left();
    scene.record(stranger, { identity: 'boot:earlier' });
    scene.record(stranger, { identity: null, replicaId: 'unknown' });
    scene.add(scene.restart());
    scene.clock.advance(1_000);
    assert.deepEqual(stranger.signals, []);
    assert.equal(scene.records.size, 0);
  });

  void test('whose number goes to a stranger during the grace are gone, and the stranger is not killed', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    scene.add(scene.restart());
    assert.deepEqual(old.signals, ['SIGINT']);
    scene.host.identities.set(old.pid, 'boot:later');
    scene.clock.advance(1_000);
    assert.deepEqual(old.signals, ['SIGINT']);
    assert.deepEqual(scene.replicas, []);
  });

  void test('of apps that are not configured any more are swept, and only those', async () => {
    const scene = new Aftermath();
    const mine = scene.left();
    const other = scene.left();
    scene.record(mine);
    scene.mark(other, 'retired');
    const platform = scene.restart();
    scene.add(platform);
    let swept = false;
    const sweeping = platform.sweep().then(() => (swept = true));
    assert.deepEqual([mine.signals, other.signals], [['SIGINT'], ['SIGTERM']]);
    scene.clock.advance(9_999);
    assert.deepEqual([other.signals, swept], [['SIGTERM'], false]);
    scene.clock.advance(1);
    assert.deepEqual(other.signals, ['SIGTERM', 'SIGKILL']);
    other.leaderAlive = false;
    scene.clock.advance(100);
    await sweeping;
    await platform.sweep();
  });

  void test('hold up the removal of their app until they are gone', async () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    const platform = scene.restart();
    scene.add(platform);
    let removed = false;
    const removal = platform.remove('web').then(() => (removed = true));
    await Promise.resolve();
    assert.equal(removed, false);
    old.leaderAlive = false;
    scene.clock.advance(100);
    await removal;
  });

  void test('are killed at once when nobody waits: those of apps, those that are swept, those that nobody has asked about yet', async () => {
    const scene = new Aftermath();
    const [mine, swept, unclaimed] = [scene.left(), scene.left(), scene.left()];
    for (const [process, app] of [
      [mine, 'web'],
      [swept, 'gone'],
    ] as const)
      scene.record(process, { app });
    const platform = scene.restart();
    scene.add(platform);
    const sweeping = platform.sweep();
    assert.deepEqual([mine.signals, swept.signals], [['SIGINT'], ['SIGTERM']]);
    const killing = platform.killAll();
    assert.deepEqual([mine.signals.at(-1), swept.signals.at(-1)], ['SIGKILL', 'SIGKILL']);
    for (const process of [mine, swept]) scene.host.reap(process);
    for (const process of [mine, swept]) process.leaderAlive = false;
    scene.clock.advance(100);
    await Promise.all([sweeping, killing]);
    assert.equal(scene.records.size, 0);
    assert.deepEqual(unclaimed.signals, [], 'a stranger');

    const again = new Aftermath();
    const old = again.left();
    again.record(old, { app: 'gone' });
    void again.restart().killAll();
    assert.equal(old.signals.at(-1), 'SIGKILL');
  });

  void test('are not forgotten while nobody can tell whether they live, nor touched, and are killed once it can be told', () => {
    const scene = new Aftermath();
    const old = scene.left();
    scene.record(old);
    scene.host.isBlind = true;
    scene.add(scene.restart());
    scene.clock.advance(1_000);
    assert.deepEqual(old.signals, [], 'it may be somebody else by now');
    assert.deepEqual(
      scene.replicas?.map(({ id }) => id),
      [`old-${old.pid}`],
    );
    assert.equal(scene.records.size, 1);
    scene.host.isBlind = false;
    scene.clock.advance(200);
    assert.deepEqual(old.signals, ['SIGKILL'], 'its grace was over long ago');
    old.leaderAlive = false;
    scene.clock.advance(200);
    assert.equal(scene.records.size, 0);
  });
});
