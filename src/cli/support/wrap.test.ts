import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapBehind, wrapLines } from './wrap.ts';

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

test('a command at the end of a line stays whole: it is there to be copied', () => {
  assert.deepEqual(wrapLines(['    Try it: drowse wake a-long-name'], 20), [
    '    Try it:',
    '    drowse wake a-long-name',
  ]);
  assert.deepEqual(wrapLines(['It is drowse that runs'], 11), ['It is', 'drowse that', 'runs']);
});

test('a text goes on behind its head', () => {
  assert.deepEqual(wrapBehind('Failure:  ', 'one two three', 18), ['Failure:  one two', '          three']);
  assert.deepEqual(wrapBehind('Failure:  ', 'one two three', Infinity), ['Failure:  one two three']);
  assert.deepEqual(wrapBehind('Settings', '', 4), ['Settings']);
});
