import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import type { Clock } from '../ports/clock.ts';
import type { LogFields, Logger } from '../ports/logger.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { storeContract } from '../testing/store-contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

const clock: Clock = {
  monoMs: () => 0,
  wallMs: () => 1_700_000_000_000,
  after: () => ({ cancel: () => undefined }),
};

class Recorder implements Logger {
  readonly errors: string[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(_fields: LogFields, message: string): void {
    this.errors.push(message);
  }
}

function directory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'drowse-store-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

storeContract('memory', (journalLimit) => new MemoryStore(journalLimit));
storeContract('sqlite', (journalLimit) =>
  openSqliteStore(':memory:', { clock, logger: new Recorder(), journalLimit }),
);

const record = { policy: { up: true }, saved: 2, lastColdStartMs: 81.5 };

void test('records and journal survive a restart', (context) => {
  const path = join(directory(context), 'drowse.db');
  const logger = new Recorder();
  const first = openSqliteStore(path, { clock, logger });
  first.save('web', record);
  first.append({ wallMs: 1, app: 'web', kind: 'operator', message: 'pinned' });
  // No close: as after kill -9.
  const second = openSqliteStore(path, { clock, logger });
  assert.deepEqual(second.load('web'), record);
  assert.equal(second.journal({ limit: 5 }).length, 1);
  assert.deepEqual(logger.errors, []);
  first.close();
  second.close();
});

void test('only its owner may read the database', (context) => {
  const path = join(directory(context), 'drowse.db');
  const store = openSqliteStore(path, { clock, logger: new Recorder() });
  store.save('web', record);
  for (const suffix of ['', '-wal', '-shm'])
    assert.equal(statSync(path + suffix).mode & 0o777, 0o600, suffix);
  store.close();
});

void test('a file that is no database is moved aside, and a new one is begun', (context) => {
  const folder = directory(context);
  const path = join(folder, 'drowse.db');
  writeFileSync(path, 'this is no database, and long enough to be looked at as one'.repeat(50));
  const logger = new Recorder();
  const store = openSqliteStore(path, { clock, logger });
  store.save('web', record);
  assert.deepEqual(store.load('web'), record);
  store.close();
  assert.equal(
    readdirSync(folder).filter((name) => name.includes('.unusable-2023-11-14T22-13-20')).length,
    1,
  );
  assert.ok(logger.errors.some((message) => message.includes('moved aside')));
});

void test('a database damaged in the middle is moved aside at the next start', (context) => {
  const folder = directory(context);
  const path = join(folder, 'drowse.db');
  const first = openSqliteStore(path, { clock, logger: new Recorder() });
  for (let index = 0; index < 500; index += 1) {
    first.append({ wallMs: index, app: 'web', kind: 'failure', message: 'x'.repeat(100) });
  }
  first.close();
  const size = statSync(path).size;
  const bytes = new Uint8Array(size - 4096).fill(0xa5);
  writeFileSync(path, bytes, { flag: 'r+' });
  const second = openSqliteStore(path, { clock, logger: new Recorder() });
  assert.deepEqual(second.journal({ limit: 5 }), []);
  second.save('web', record);
  assert.deepEqual(second.load('web'), record);
  second.close();
});

void test('a database of a newer Drowse is kept aside, not written to', (context) => {
  const folder = directory(context);
  const path = join(folder, 'drowse.db');
  const newer = new DatabaseSync(path);
  newer.exec('CREATE TABLE future (x); PRAGMA user_version = 999');
  newer.close();
  const store = openSqliteStore(path, { clock, logger: new Recorder() });
  store.save('web', record);
  store.close();
  const aside = readdirSync(folder).find((name) => name.includes('.unusable-'));
  assert.ok(aside !== undefined);
  const kept = new DatabaseSync(join(folder, aside));
  assert.equal(kept.prepare('PRAGMA user_version').get()?.['user_version'], 999);
  kept.close();
});

void test('where no file can be written, the state is kept in memory and the log says so', (context) => {
  const logger = new Recorder();
  const store = openSqliteStore(join(directory(context), 'no', 'such', 'drowse.db'), { clock, logger });
  store.save('web', record);
  assert.deepEqual(store.load('web'), record);
  assert.ok(logger.errors.some((message) => message.includes('in memory only')));
  store.close();
});

void test('a database locked by somebody else: logged, not thrown, and works again afterwards', (context) => {
  const path = join(directory(context), 'drowse.db');
  const logger = new Recorder();
  const store = openSqliteStore(path, { clock, logger });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  store.save('web', record);
  store.save('web', record);
  assert.equal(logger.errors.length, 1, 'once until it works again');
  assert.equal(store.load('web'), null);
  other.exec('COMMIT');
  store.save('web', record);
  assert.deepEqual(store.load('web'), record);
  other.exec('BEGIN IMMEDIATE');
  store.save('web', record);
  assert.equal(logger.errors.length, 2);
  other.exec('COMMIT');
  other.close();
  store.close();
});

void test('a detail that is not JSON is an error in the log, not an exception', () => {
  const logger = new Recorder();
  const store = openSqliteStore(':memory:', { clock, logger });
  store.append({ wallMs: 1, app: 'web', kind: 'config', message: 'm', detail: { big: 1n } });
  assert.equal(logger.errors.length, 1);
  store.close();
});
