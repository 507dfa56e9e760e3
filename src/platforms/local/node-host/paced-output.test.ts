import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { costPerLine, costPerWindow, paceOutput, windowMs } from './paced-output.ts';

const chunkBytes = 64 * 1024;

/** A stream that always has more of the same to read, and what came of it. */
function endless(line: string) {
  const clock = new FakeClock();
  const stream = new PassThrough({ highWaterMark: chunkBytes });
  const text = line.repeat(Math.ceil(chunkBytes / line.length));
  const fill = (): void => {
    while (stream.write(text)) continue;
  };
  stream.on('drain', fill);
  const received: string[] = [];
  paceOutput(stream, clock, (chunk) => received.push(Buffer.from(chunk).toString('latin1')));
  fill();
  return { clock, stream, text: () => received.join('') };
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 100; turns += 1) await turn();
}

void describe('the output of a process', () => {
  for (const [name, line] of [
    ['empty lines', '\n'],
    ['short lines', 'y\n'],
    ['long lines', `${'y'.repeat(1_000)}\n`],
  ] as const)
    void test(`${name} without end: each window takes what it can pay for, and no byte is lost`, async () => {
      const { clock, text } = endless(line);
      const affordable = (costPerWindow / (line.length + costPerLine)) * line.length;
      for (let windows = 1; windows <= 3; windows += 1) {
        await settle();
        const { length } = text();
        assert.ok(Math.abs(length - windows * affordable) <= windows * line.length, `${length} bytes`);
        assert.equal(text(), line.repeat(Math.ceil(length / line.length)).slice(0, length));
        clock.advance(windowMs);
      }
    });

  void test('that is within the budget comes at once', async () => {
    const stream = new PassThrough();
    let text = '';
    paceOutput(stream, new FakeClock(), (chunk) => (text += Buffer.from(chunk).toString()));
    stream.write('one\ntwo\n');
    await settle();
    assert.equal(text, 'one\ntwo\n');
  });
});
