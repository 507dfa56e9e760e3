import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { Logger } from '../../../src/ports/logger.ts';
import { createLogFile } from '../../../src/platforms/local/log-file.ts';
import { createFileRegistry } from '../../../src/platforms/local/registry-file.ts';
import { silent } from './room.ts';

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'drowse-files-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function counting(): { readonly logger: Logger; readonly warnings: string[] } {
  const warnings: string[] = [];
  return { warnings, logger: { ...silent, warn: (_, text) => void warnings.push(text) } };
}

const line = (text: string) => ({ wallMs: 0, replicaId: 'web-1', stream: 'stdout', text }) as const;

void describe('the log file of an app', () => {
  void test('keeps lines, with time, replica and stream', async (t) => {
    const path = join(temporary(t), 'deeper', 'web.log');
    const file = createLogFile(path, silent);
    file.write(line('hello'));
    file.write({ ...line('wörld'), wallMs: 1_500, stream: 'drowse' });
    await file.close();
    assert.equal(
      readFileSync(path, 'utf8'),
      '1970-01-01T00:00:00.000Z web-1 stdout hello\n1970-01-01T00:00:01.500Z web-1 drowse wörld\n',
    );
    assert.equal(statSync(path).mode & 0o077, 0, 'only its user reads what an app says');
    const again = createLogFile(path, silent);
    again.write(line('later'));
    await again.close();
    assert.equal(readFileSync(path, 'utf8').trimEnd().split('\n').length, 3);
  });

  void test('is rotated, and the oldest is dropped', async (t) => {
    const directory = temporary(t);
    const path = join(directory, 'web.log');
    const limits = { maxBytes: 300, files: 3, maxPendingBytes: 10_000 };
    let file = createLogFile(path, silent, limits);
    for (let number = 0; number < 20; number += 1) {
      file.write(line(`number ${number} ${'y'.repeat(80)}`));
      // Each in a batch of its own; now and then by another Drowse.
      await file.close();
      if (number % 5 === 4) file = createLogFile(path, silent, limits);
    }
    assert.deepEqual(readdirSync(directory).toSorted(), ['web.log', 'web.log.1', 'web.log.2']);
    const kept = ['web.log.2', 'web.log.1', 'web.log'].flatMap((name) =>
      [...readFileSync(join(directory, name), 'utf8').matchAll(/number (\d+)/g)].map(([, number]) =>
        Number(number),
      ),
    );
    assert.equal(kept.at(-1), 19);
    assert.deepEqual(
      kept,
      Array.from({ length: kept.length }, (_, index) => 20 - kept.length + index),
    );
    for (const name of readdirSync(directory)) assert.ok(statSync(join(directory, name)).size < 500);
  });

  void test('of which only one is kept begins anew', async (t) => {
    const directory = temporary(t);
    const file = createLogFile(join(directory, 'web.log'), silent, { maxBytes: 300, files: 1 });
    for (let number = 0; number < 10; number += 1) {
      file.write(line(`number ${number} ${'y'.repeat(80)}`));
      await file.close();
    }
    assert.deepEqual(readdirSync(directory), ['web.log']);
    assert.match(readFileSync(join(directory, 'web.log'), 'utf8'), /number 9 /);
    assert.ok(statSync(join(directory, 'web.log')).size < 500);
  });

  void test('that cannot be written costs lines and one warning, and works again when it can', async (t) => {
    const directory = temporary(t);
    const obstacle = join(directory, 'logs');
    writeFileSync(obstacle, 'no directory');
    const { logger, warnings } = counting();
    const file = createLogFile(join(obstacle, 'web.log'), logger);
    file.write(line('lost'));
    await file.close();
    file.write(line('lost too'));
    await file.close();
    assert.equal(warnings.length, 1);
    rmSync(obstacle);
    file.write(line('kept'));
    await file.close();
    assert.match(readFileSync(join(obstacle, 'web.log'), 'utf8'), /^\S+ web-1 stdout kept\n$/);
  });

  void test('drops what comes faster than the disk, and says how much', async (t) => {
    const path = join(temporary(t), 'web.log');
    const file = createLogFile(path, silent, { maxBytes: 1e6, files: 2, maxPendingBytes: 1_000 });
    for (let number = 0; number < 100; number += 1) file.write(line(`number ${number}`));
    await file.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const dropped = Number(/(\d+) lines dropped/.exec(lines.at(-1) ?? '')?.[1]);
    assert.ok(dropped > 0);
    assert.equal(lines.length - 1 + dropped, 100);
  });
});

void describe('the record of processes', () => {
  const record = {
    app: 'web',
    replicaId: 'web-1',
    groupId: 4_242,
    identity: 'boot:1',
    addresses: [{ host: '127.0.0.1', port: 1 }],
  };

  void test('survives, and is forgotten', (t) => {
    const directory = join(temporary(t), 'processes');
    createFileRegistry(directory, silent).record(record);
    createFileRegistry(directory, silent).record({ ...record, replicaId: 'web-2', identity: null });
    const registry = createFileRegistry(directory, silent);
    registry.record({ ...record, groupId: 5_000 });
    const all = registry.all().toSorted((a, b) => a.replicaId.localeCompare(b.replicaId));
    assert.deepEqual(all, [
      { ...record, groupId: 5_000 },
      { ...record, replicaId: 'web-2', identity: null },
    ]);
    registry.forget('web-1');
    registry.forget('web-1');
    assert.deepEqual(
      registry.all().map(({ replicaId }) => replicaId),
      ['web-2'],
    );
  });

  void test('never reads a number that would address anybody else, and removes what is no record', (t) => {
    const directory = join(temporary(t), 'processes');
    const { logger, warnings } = counting();
    const registry = createFileRegistry(directory, logger);
    const bad = [
      '',
      '{"app":"web"',
      'null',
      '[]',
      ...[1, 0, -1, 1.5, '7', null].map((groupId) => JSON.stringify({ ...record, groupId })),
      JSON.stringify({ ...record, identity: 7 }),
      JSON.stringify({ ...record, addresses: [{ host: 1, port: 2 }] }),
      JSON.stringify({ ...record, addresses: 'x' }),
      JSON.stringify({ ...record, replicaId: 1 }),
    ];
    for (const [index, text] of bad.entries()) writeFileSync(join(directory, `${index}.json`), text);
    registry.record(record);
    writeFileSync(join(directory, 'other.json.new'), 'half');
    assert.deepEqual(registry.all(), [record]);
    assert.equal(warnings.length, bad.length);
    assert.deepEqual(readdirSync(directory), ['web-1.json'], 'nor is what never got its name kept');
  });

  void test('that cannot be read keeps no other from being read', (t) => {
    const directory = join(temporary(t), 'processes');
    const { logger, warnings } = counting();
    const registry = createFileRegistry(directory, logger);
    mkdirSync(join(directory, 'a.json'));
    registry.record(record);
    assert.deepEqual(registry.all(), [record]);
    assert.equal(warnings.length, 1);
  });

  void test('of any name stays within its directory', (t) => {
    const directory = join(temporary(t), 'processes');
    const registry = createFileRegistry(directory, silent);
    registry.record({ ...record, replicaId: '../outside' });
    assert.equal(existsSync(join(directory, '..', 'outside.json')), false);
    assert.equal(registry.all()[0]?.replicaId, '../outside');
  });

  void test('in a directory that cannot be is one warning', (t) => {
    const obstacle = join(temporary(t), 'file');
    writeFileSync(obstacle, '');
    const { logger, warnings } = counting();
    const registry = createFileRegistry(join(obstacle, 'processes'), logger);
    registry.record(record);
    registry.forget('web-1');
    assert.deepEqual(registry.all(), []);
    assert.equal(warnings.length, 1);
  });
});
