import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../ports/clock.ts';

/** Who holds a lock, as far as its note tells: for messages, never for decisions. */
export interface LockOwner {
  readonly pid: number;
  readonly sinceWallMs: number;
}

export type LockResult =
  | { readonly ok: true; release(): void }
  /** Another process has it. `owner` is `null` where it left no readable note. */
  | { readonly ok: false; readonly reason: 'owned'; readonly owner: LockOwner | null }
  /** The directory or file cannot be used at all. */
  | { readonly ok: false; readonly reason: 'unavailable'; readonly cause: unknown };

/** SQLITE_BUSY (https://sqlite.org/rescode.html). */
const busyCode = 5;

/** Handles of the locks that this process holds: one that nobody refers to is closed by the garbage collector, and its lock is gone with it. */
const held = new Set<DatabaseSync>();

/**
 * One Drowse per state directory. The lock is SQLite's exclusive lock on a file of its own, which the kernel drops when the process ends,
 * however it ends: there is nothing stale to clean up, and no pid that may belong to somebody else by now.
 */
export function acquireLock(directory: string, clock: Clock): LockResult {
  const note = join(directory, 'owner.json');
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(note, JSON.stringify({ pid: process.pid, sinceWallMs: clock.wallMs() }), { mode: 0o600 });
    held.add(database);
    return { ok: true, release: releaser(database, note) };
  } catch (error) {
    database?.close();
    if (isBusy(error)) return { ok: false, reason: 'owned', owner: readOwner(note) };
    return { ok: false, reason: 'unavailable', cause: error };
  }
}

function releaser(database: DatabaseSync, note: string): () => void {
  return () => {
    if (!held.delete(database)) return;
    // The note first: once the lock is free, the note may already be the next owner's.
    rmSync(note, { force: true });
    database.close();
  };
}

function isBusy(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && (code & 0xff) === busyCode;
}

function readOwner(note: string): LockOwner | null {
  try {
    const value: unknown = JSON.parse(readFileSync(note, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value) || typeof value.pid !== 'number') return null;
    if (!('sinceWallMs' in value) || typeof value.sinceWallMs !== 'number') return null;
    return { pid: value.pid, sinceWallMs: value.sinceWallMs };
  } catch {
    return null;
  }
}
