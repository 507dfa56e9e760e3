import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** The file cannot be used by this version of Drowse, though nothing is wrong with the disk. */
export class UnusableDatabaseError extends Error {
  readonly code = 'unusable-database';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnusableDatabaseError';
  }
}

/** At start there is time to wait for somebody else (a backup, the sqlite3 shell); nothing runs yet. */
const openTimeoutMs = 3_000;
/** Later, waiting stops the event loop. */
const busyTimeoutMs = 100;

/** SQLITE_CORRUPT and SQLITE_NOTADB (https://sqlite.org/rescode.html); the low byte of an extended code. */
const corruptCodes: ReadonlySet<number> = new Set([11, 26]);

/** Opens, checks and migrates. Throws what SQLite throws, or `UnusableDatabaseError`. */
export function openDatabase(path: string): DatabaseSync {
  // The journal names clients and paths: only the owner may read it. SQLite gives the WAL the same mode.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: openTimeoutMs });
  try {
    // NORMAL with WAL: a committed write survives kill -9 of Drowse (a loss of power may cost the last ones), without an fsync for each.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    check(database);
    migrate(database);
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether the file itself is damaged (or no database of ours at all), as opposed to busy, full or forbidden. */
export function isCorrupt(error: unknown): boolean {
  if (error instanceof UnusableDatabaseError) return true;
  const code: unknown = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && corruptCodes.has(code & 0xff);
}

/** Renames the database out of the way, for somebody to look at; returns its new name. */
export function moveAside(path: string, wallMs: number): string {
  const stamp = new Date(wallMs).toISOString().replaceAll(/[:.]/gu, '-');
  const aside = `${path}.unusable-${stamp}`;
  renameSync(path, aside);
  for (const suffix of ['-wal', '-shm']) {
    if (!existsSync(path + suffix)) continue;
    // A WAL beside a new database would be replayed into it.
    if (suffix === '-wal') renameSync(path + suffix, aside + suffix);
    else rmSync(path + suffix);
  }
  return aside;
}

function check(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA quick_check(1)').get();
  const verdict = row === undefined ? undefined : Object.values(row)[0];
  if (verdict !== 'ok') throw new UnusableDatabaseError(`quick_check: ${String(verdict)}`);
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new UnusableDatabaseError(
      `written by a newer Drowse (schema ${version}, known ${migrations.length})`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
