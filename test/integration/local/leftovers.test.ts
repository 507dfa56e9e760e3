import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, describe, test } from 'node:test';
import { createFileRegistry } from '../../../src/platforms/local/registry-file.ts';
import { killable } from './killable-apps.ts';
import { within } from '../patience.ts';
import { app, markOf, nodeHost, openRoom, registryDirectory, script, silent } from './room.ts';

const host = nodeHost();
const helper = join(import.meta.dirname, 'killed-drowse.ts');

/** A state directory whose Drowse was killed with `kill -9` while its apps served, and the process groups of those apps. */
async function killedDrowse(): Promise<{ readonly directory: string; readonly groups: readonly number[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'drowse-left-'));
  const drowse = spawn(process.execPath, [helper, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => void drowse.once('exit', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: drowse.stdout }).once('line', resolve);
    drowse.once('exit', () => reject(new Error('the helper ended before its apps served')));
  });
  const groups: unknown = JSON.parse(line);
  assert.ok(Array.isArray(groups) && groups.every((group) => typeof group === 'number'));
  drowse.kill('SIGKILL');
  await ended;
  return { directory, groups };
}

const linux = process.platform === 'linux';

void describe('what a killed Drowse leaves behind', { skip: !linux && 'needs /proc' }, () => {
  let house: Awaited<ReturnType<typeof killedDrowse>>;
  before(async () => {
    house = await killedDrowse();
  });

  void test('lives on, and is ended by the next before the app starts again', async (t) => {
    const left = killable();
    const alive = house.groups.filter((group) => host.groupAlive(group));
    // Who writes to the broken pipe of the killed Drowse may have died of it.
    assert.ok(alive.length >= left.length - 1, `${alive.length} of ${left.length} live`);

    const { platform, add } = openRoom(t, house.directory);
    const watchers = left.map((spec) => add(spec));
    for (const { name } of left) platform.scale(name, 1);
    await Promise.all(watchers.map((watcher) => watcher.serving(1)));
    for (const group of house.groups) assert.equal(host.groupAlive(group), false, `group ${group} is gone`);
    for (const watcher of watchers) {
      assert.deepEqual(watcher.failures, []);
      // Neither two processes of one app at a time, nor one that was not reported.
      for (const replicas of watcher.history) assert.ok(replicas.length <= 1);
    }
    assert.equal(watchers[0]?.history[0]?.[0]?.phase, 'terminating');
    assert.equal(
      readdirSync(registryDirectory(house.directory)).length,
      left.length,
      'old records are forgotten',
    );
  });
});

void describe('recognition', { skip: !linux && 'needs /proc' }, () => {
  void test('of processes that were never recorded, by their mark; apps that are not configured any more are swept', async (t) => {
    const { directory, groups } = await killedDrowse();
    // As if Drowse had been killed between each spawn and its record. `bare` carries no mark: it keeps its record.
    const records = registryDirectory(directory);
    for (const name of readdirSync(records)) if (!name.startsWith('bare')) rmSync(join(records, name));
    const found = (host.findMarked(markOf(directory)) ?? []).map(({ app }) => app);
    assert.ok(
      ['family', 'plain', 'stubborn'].every((name) => found.includes(name)),
      found.join(),
    );
    const { platform, add } = openRoom(t, directory);
    // The one that ignores the signal stays configured, with its short grace; the rest is swept.
    for (const spec of killable().filter(({ name }) => name === 'stubborn')) await add(spec).gone();
    await within(platform.sweep(), () => 'the end of what is left over');
    for (const group of groups) assert.equal(host.groupAlive(group), false);
  });

  void test('never takes a stranger for one of ours: same number, another process', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'drowse-left-'));
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
      detached: true,
      stdio: 'ignore',
    });
    t.after(() => stranger.kill('SIGKILL'));
    const groupId = stranger.pid ?? 0;
    const identity = host.identity(groupId);
    assert.ok(identity);
    const registry = createFileRegistry(registryDirectory(directory), silent);
    const record = { app: 'web', groupId, addresses: [{ host: '127.0.0.1', port: 1 }] };
    registry.record({ ...record, replicaId: 'web-1', identity: `${identity}0` });
    registry.record({ ...record, replicaId: 'web-2', identity: null });
    const { platform, add } = openRoom(t, directory);
    const watcher = add(app({ command: script('setInterval(() => {}, 1e6)') }));
    assert.deepEqual(watcher.history, []);
    await platform.sweep();
    assert.equal(host.identity(groupId), identity, 'the stranger lives');
    assert.deepEqual(registry.all(), []);
  });

  void test('looks through all processes quickly', () => {
    const before = process.cpuUsage();
    host.findMarked('nobody');
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1_000;
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
    // 100 ms for 5,000 processes; ten times that for a slow machine, and never less than a few milliseconds. Of the CPU, since others may have it meanwhile.
    assert.ok(tookMs < 20 + processes * 0.2, `${tookMs} ms for ${processes} processes`);
  });
});
