import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogLine } from '../../ports/platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { ProcessLog } from './app-log.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const ignore = (): void => undefined;

function openLog() {
  const warnings: string[] = [];
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (_: unknown, text: string) => void warnings.push(text),
  };
  const written: LogLine[] = [];
  const file = { write: (line: LogLine) => void written.push(line), close: () => Promise.resolve() };
  const log = new ProcessLog(new FakeClock(0, 5_000), logger, file);
  return { log, written, warnings };
}

void describe('the log of an app', () => {
  void test('keeps streams, replicas and the notes of Drowse apart, in order', () => {
    const { log, written } = openLog();
    const seen: string[] = [];
    const a = log.open('web-a', (text) => seen.push(text));
    const b = log.open('web-b', () => undefined);
    a.push('stdout', bytes('fi'));
    a.push('stderr', bytes('warning\n'));
    b.push('stdout', bytes('other\n'));
    a.push('stdout', bytes('rst\nlast'));
    log.note('web-a', 'stopped');
    a.end();
    const rows = log.tail(10).map(({ replicaId, stream, text }) => [replicaId, stream, text]);
    assert.deepEqual(rows, [
      ['web-a', 'stderr', 'warning'],
      ['web-b', 'stdout', 'other'],
      ['web-a', 'stdout', 'first'],
      ['web-a', 'drowse', 'stopped'],
      ['web-a', 'stdout', 'last'],
    ]);
    assert.equal(log.tail(1)[0]?.wallMs, 5_000);
    assert.deepEqual(seen, ['warning', 'first', 'last']);
    assert.deepEqual(log.lastOutput('web-a', 2), ['first', 'last']);
    assert.deepEqual(log.tail(0), []);
    assert.deepEqual(written, log.tail(10));
  });

  void test('is bounded in lines', () => {
    const { log } = openLog();
    const output = log.open('web-a', () => undefined);
    for (let number = 0; number < 5_000; number += 1) output.push('stdout', bytes(`${number}\n`));
    const kept = log.tail(10_000).map(({ text }) => text);
    assert.equal(kept.length, 1_000);
    assert.deepEqual([kept[0], kept.at(-1)], ['4000', '4999']);
    assert.deepEqual(
      log.tail(2).map(({ text }) => text),
      ['4998', '4999'],
    );
  });

  void test('is bounded in bytes', () => {
    const { log } = openLog();
    const output = log.open('web-a', () => undefined);
    for (let number = 0; number < 500; number += 1) output.push('stdout', bytes(`${'x'.repeat(8_000)}\n`));
    const characters = log.tail(10_000).reduce((sum, { text }) => sum + text.length, 0);
    assert.ok(characters > 200_000 && characters * 2 <= 512 * 1024, `${characters} characters`);
  });

  void test('is followed until it is not, by each follower for itself; one that fails harms nobody', () => {
    const { log, warnings } = openLog();
    const seen: string[] = [];
    const listener = ({ text }: LogLine): void => void seen.push(text);
    const first = log.follow(listener);
    log.follow(() => {
      throw new Error('gone');
    });
    const second = log.follow(listener);
    log.note('web-a', 'one');
    first();
    log.note('web-a', 'two');
    second();
    log.note('web-a', 'three');
    assert.deepEqual(seen, ['one', 'one', 'two']);
    assert.equal(warnings.length, 1);
  });
});
