import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FirstWords } from './first-words.ts';

test('half a word tells nothing until it is whole, or the client has ended', () => {
  const words = new FirstWords('auto');
  assert.deepEqual([words.tellNothing, words.verdict('auto')], [true, 'more']);
  words.bytes.add(Buffer.from('GE'));
  assert.deepEqual([words.tellNothing, words.areUnfinished, words.verdict('auto')], [false, true, 'more']);
  words.ended = true;
  assert.equal(words.verdict('auto'), 'tcp');
});

test('the port may have decided: before a byte, or with the first', () => {
  assert.deepEqual([new FirstWords('tcp').tellNothing, new FirstWords('tcp').verdict('tcp')], [false, 'tcp']);
  const words = new FirstWords('http');
  words.bytes.add(Buffer.from('\u0016\u0003\u0001'));
  assert.equal(words.verdict('http'), 'http');
  assert.equal(words.verdict('auto'), 'tcp');
});

test('what was once known to be no HTTP stays so', () => {
  const words = new FirstWords('auto');
  words.decided = true;
  words.bytes.add(Buffer.from('GET / HTTP/1.1\r\n'));
  assert.equal(words.verdict('auto'), 'tcp');
});
