import { setTimeout as delay } from 'node:timers/promises';
import { acquireLock, type LockResult } from '../../src/history/lock.ts';
import { systemClock } from '../../src/system/clock.ts';
import { say } from './say.ts';

/** Does the work while nobody else does theirs under the same folder's lock; waits for as long as they live. */
export async function exclusively<T>(folder: string, what: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquired(folder, what);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function acquired(folder: string, what: string): Promise<LockResult & { ok: true }> {
  for (let told = false; ; told = true) {
    const lock = acquireLock(folder, systemClock);
    if (lock.ok) return lock;
    if (lock.reason === 'unavailable') throw new Error(`${folder} cannot be used`, { cause: lock.cause });
    if (!told) say(`waiting for process ${lock.owner?.pid ?? '(unknown)'}: ${what}`);
    await delay(200);
  }
}
