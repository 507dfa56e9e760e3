import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LineDecoder } from './line-decoder.ts';

const encoder = new TextEncoder();

test('lines come whole however their bytes are cut', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, sizes) => {
      const bytes = encoder.encode(lines.map((text) => `${text}\n`).join(''));
      const decoder = new LineDecoder();
      const found: string[] = [];
      let at = 0;
      for (const size of sizes) found.push(...decoder.push(bytes.subarray(at, (at += size))));
      found.push(...decoder.push(bytes.subarray(at)));
      assert.deepEqual(found, lines);
    }),
  );
});

test('what follows the last line break is no line', () => {
  const decoder = new LineDecoder();
  assert.deepEqual(decoder.push(encoder.encode('{"a":1}\n{"b":2}')), ['{"a":1}']);
  assert.deepEqual(decoder.push(encoder.encode('\n\n')), ['{"b":2}']);
});

test('a line without end is refused before it fills the memory', () => {
  const decoder = new LineDecoder();
  const chunk = encoder.encode('x'.repeat(1024 * 1024));
  assert.throws(
    () => {
      for (let index = 0; index < 20; index += 1) decoder.push(chunk);
    },
    { code: 'Malformed' },
  );
});
