import { mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../core/app.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ProcessRecord, ProcessRegistry } from './registry.ts';

/**
 * One small JSON file per replica in `directory`, replaced atomically. No sync to disk: what has to survive is `kill -9` of Drowse, and a machine
 * that goes down takes the processes along. A directory that cannot be written is logged, once, and costs only the recognition of left-overs.
 */
export function createFileRegistry(directory: string, logger: Logger): ProcessRegistry {
  let complained = false;
  const attempt = (what: string, action: () => void): void => {
    try {
      action();
    } catch (cause) {
      if (complained) return;
      complained = true;
      logger.warn({ directory, err: cause }, `cannot ${what} the record of running processes`);
    }
  };
  const fileOf = (replicaId: string): string => join(directory, `${encodeURIComponent(replicaId)}.json`);
  attempt('create', () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  return {
    record: (record) =>
      attempt('write', () => {
        const file = fileOf(record.replicaId);
        writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      }),
    forget: (replicaId) => attempt('remove', () => removeIfThere(fileOf(replicaId))),
    all: () => {
      const records: ProcessRecord[] = [];
      attempt('read', () => {
        for (const name of readdirSync(directory)) {
          const file = join(directory, name);
          if (name.endsWith('.json')) attempt('read', () => keep(records, file, logger));
          // Drowse was killed before it had its name; the process is known by its mark.
          if (name.endsWith('.json.new')) attempt('remove', () => removeIfThere(file));
        }
      });
      return records;
    },
  };
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
}

/** A file that is not a record (cut off by a full disk, say) is removed: it would never become readable again. */
function keep(records: ProcessRecord[], file: string, logger: Logger): void {
  const record = parse(readFileSync(file, 'utf8'));
  if (record) {
    records.push(record);
    return;
  }
  logger.warn({ file }, 'removed an unreadable record of a process');
  removeIfThere(file);
}

function parse(text: string): ProcessRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { app, replicaId, groupId, identity, addresses } = value;
  if (typeof app !== 'string' || typeof replicaId !== 'string') return null;
  // Group 1 and below would address init, every process, or our own group.
  if (typeof groupId !== 'number' || !Number.isSafeInteger(groupId) || groupId <= 1) return null;
  if (identity !== null && typeof identity !== 'string') return null;
  if (!Array.isArray(addresses) || !addresses.every(isAddress)) return null;
  return { app, replicaId, groupId, identity, addresses };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAddress(value: unknown): value is Address {
  return isObject(value) && typeof value['host'] === 'string' && typeof value['port'] === 'number';
}
