import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ByteStore } from './byte-store.ts';

test('what was appended and not consumed is there, in order; pieces given away stay as they were', () => {
  const step = fc.oneof(
    fc.record({ append: fc.uint8Array({ minLength: 1, maxLength: 2000 }) }),
    fc.record({ consume: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const store = new ByteStore();
      let model = Buffer.alloc(0);
      const given: { view: Buffer; was: Buffer }[] = [];
      for (const one of steps) {
        if ('append' in one) {
          const piece = Buffer.concat([Buffer.from('<'), one.append, Buffer.from('>')]);
          store.append(piece, 1, piece.length - 1);
          model = Buffer.concat([model, one.append]);
        } else {
          const count = Math.floor(one.consume * store.length);
          const view = store.bytes.subarray(store.start, store.start + count);
          given.push({ view, was: Buffer.from(view) });
          store.consumeTo(store.start + count);
          model = model.subarray(count);
        }
        assert.equal(store.length, model.length);
        assert.deepEqual(store.bytes.subarray(store.start, store.end), model);
      }
      for (const { view, was } of given) assert.deepEqual(view, was);
    }),
  );
});

test('byte by byte costs linear room', () => {
  const store = new ByteStore();
  for (let count = 0; count < 60_000; count++) store.append(Buffer.from('x'), 0, 1);
  assert.equal(store.length, 60_000);
  assert.ok(store.bytes.length <= 4 * 60_000);
});

test('beyond 64 KiB, room grows by what is needed', () => {
  const store = new ByteStore();
  for (const size of [60_000, 5_000, 60_000]) store.append(Buffer.alloc(size), 0, size);
  assert.equal(store.bytes.length, 125_000);
});
