import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldBytes, heldBytesLimit } from './held-bytes.ts';

test('what was sent is there in order, however it came, until it is taken', () => {
  const bytes = new HeldBytes();
  for (const piece of ['one', ' ', 'two']) assert.equal(bytes.add(Buffer.from(piece)), true);
  assert.equal(bytes.peek().toString(), 'one two');
  assert.equal(bytes.length, 7);
  assert.equal(bytes.take().toString(), 'one two');
  assert.deepEqual([bytes.length, bytes.peek().length], [0, 0]);
});

test('what is kept does not change with the buffer that it came in', () => {
  const bytes = new HeldBytes();
  const chunk = Buffer.from('abc');
  bytes.add(chunk);
  chunk.fill('x');
  assert.equal(bytes.peek().toString(), 'abc');
});

test('says when enough is kept', () => {
  const bytes = new HeldBytes();
  assert.equal(bytes.add(Buffer.alloc(heldBytesLimit - 1)), true);
  assert.equal(bytes.add(Buffer.alloc(1)), false);
});

test('a client that sends byte by byte costs no more than one that does not', () => {
  const one = Buffer.from('x');
  const all = Array.from({ length: 20 }, () => new HeldBytes());
  const before = process.memoryUsage().heapUsed;
  for (const bytes of all) for (let count = 1; count < heldBytesLimit; count += 1) bytes.add(one);
  const perConnection = (process.memoryUsage().heapUsed - before) / all.length;
  assert.ok(perConnection < heldBytesLimit, `${perConnection} bytes of heap for one of them`);
  assert.equal(all[0]?.length, heldBytesLimit - 1);
});
