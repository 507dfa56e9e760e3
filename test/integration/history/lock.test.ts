import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { acquireLock } from '../../../src/history/lock.ts';
import { systemClock } from '../../../src/system/clock.ts';

function directory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'drowse-lock-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Another process that takes the lock, forgets what it was given, says whether it got it, and waits to be killed: at the end of the test at the latest. */
async function rival(context: TestContext, folder: string): Promise<{ child: ChildProcess; said: string }> {
  const lock = new URL('../../../src/history/lock.ts', import.meta.url).href;
  const clock = new URL('../../../src/system/clock.ts', import.meta.url).href;
  const script = `
    import { acquireLock } from ${JSON.stringify(lock)};
    import { systemClock } from ${JSON.stringify(clock)};
    const said = JSON.stringify(acquireLock(${JSON.stringify(folder)}, systemClock));
    setInterval(() => {
      gc();
      console.log(said);
    }, 100);
  `;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => kill(child));
  for await (const said of createInterface(child.stdout)) return { child, said };
  throw new Error('the rival ended without a word');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

void test('two owners cannot be: not in one process, not in two', async (context) => {
  const folder = directory(context);
  const mine = acquireLock(folder, systemClock);
  assert.ok(mine.ok);
  const again = acquireLock(folder, systemClock);
  assert.ok(!again.ok && again.reason === 'owned');
  assert.equal(again.owner?.pid, process.pid);
  const { child, said } = await rival(context, folder);
  await kill(child);
  assert.match(said, /"ok":false,"reason":"owned"/u);
  mine.release();
  mine.release();
  const afterwards = acquireLock(folder, systemClock);
  assert.ok(afterwards.ok);
  afterwards.release();
});

void test('the lock is held though its owner keeps nothing of it, and is free as soon as that is killed, however rudely', async (context) => {
  const folder = directory(context);
  const { child, said } = await rival(context, folder);
  assert.match(said, /"ok":true/u);
  const meanwhile = acquireLock(folder, systemClock);
  assert.ok(!meanwhile.ok && meanwhile.reason === 'owned');
  assert.equal(meanwhile.owner?.pid, child.pid);
  await kill(child);
  const mine = acquireLock(folder, systemClock);
  assert.ok(mine.ok);
  mine.release();
});

void test('a directory that cannot be: unavailable, with the cause', (context) => {
  const file = join(directory(context), 'file');
  writeFileSync(file, '');
  const result = acquireLock(join(file, 'below'), systemClock);
  assert.ok(!result.ok && result.reason === 'unavailable');
  assert.ok(result.cause instanceof Error);
});
