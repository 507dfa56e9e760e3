import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapLines } from './wrap.ts';

test('lines are broken at spaces, and go on below where they began', () => {
  assert.deepEqual(wrapLines(['one two three', '    four five six', '    | out put'], 11), [
    'one two',
    'three',
    '    four',
    '    five',
    '    six',
    '    | out',
    '    | put',
  ]);
});

test('what fits, what is empty and a word that is too long stay as they are', () => {
  const lines = ['', 'short', 'x'.repeat(30), 'exactly ten'];
  assert.deepEqual(wrapLines(lines, 11), lines);
});
