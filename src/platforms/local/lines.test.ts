import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { LineSplitter, maxLineBytes } from './lines.ts';

function split(chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts the bytes at the given places, wherever they fall. */
function cutAt(whole: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b);
  return [0, ...sorted].map((start, index) => whole.slice(start, sorted[index] ?? whole.length));
}

void describe('LineSplitter', () => {
  void test('gives the same lines however the bytes are cut into chunks', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\r\uFEFF]/g, '·'));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const whole = bytes(lines.map((text) => `${text}\n`).join(''));
        assert.deepEqual(split(cutAt(whole, places)), lines);
      }),
    );
  });

  void test('an unfinished last line is a line too, and carriage returns before newlines are not kept', () => {
    assert.deepEqual(split([bytes('one\r\ntw'), bytes('o')]), ['one', 'two']);
    assert.deepEqual(split([bytes('one\n')]), ['one']);
    assert.deepEqual(split([bytes('\n\n')]), ['', '']);
  });

  void test('a line that never ends is cut at its limit, within no character, and the next line is whole', () => {
    for (const character of ['x', 'é', '€', '𝄞']) {
      for (const prefix of ['', 'a', 'ab', 'abc']) {
        const endless = bytes(prefix + character.repeat(maxLineBytes));
        const [first = '', ...rest] = split([endless, endless, bytes('\nnext\n')]);
        assert.ok(first.endsWith('…[cut]'));
        assert.ok(!first.includes('\uFFFD'), `${character} is whole`);
        const kept = bytes(first).length - bytes(' …[cut]').length;
        assert.ok(kept > maxLineBytes - 4 && kept <= maxLineBytes, `${kept} bytes kept`);
        assert.deepEqual(rest, ['next']);
      }
    }
  });

  void test('a line of exactly the limit is kept whole', () => {
    const line = 'y'.repeat(maxLineBytes);
    assert.deepEqual(split([bytes(line), bytes('\nz\n')]), [line, 'z']);
    assert.deepEqual(split([bytes(`${line}\nz\n`)]), [line, 'z']);
  });
});
