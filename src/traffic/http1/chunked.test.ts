import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ChunkedWalker } from './chunked.ts';

/** The grammar of RFC 9112 section 7.1 once more, on a whole body: where it ends, -1 where it is broken, `null` where it goes on. */
function reference(text: string, extensionsAllowed: boolean): number | null {
  let at = 0;
  for (;;) {
    const size = /^[0-9a-f]{0,12}/i.exec(text.slice(at))![0];
    at += size.length;
    if (at === text.length) return null;
    if (size === '') return -1;
    const extension = /^(;[\t\x20-\x7e\x80-\xff]{0,256})?/.exec(text.slice(at))![0];
    if (extension !== '' && !extensionsAllowed) return -1;
    at += extension.length;
    const sizeEnd = crlf(text, at);
    if (sizeEnd !== true) return sizeEnd;
    at += 2;
    const length = parseInt(size, 16);
    if (length === 0) return trailers(text, at);
    if (text.length - at < length) return null;
    at += length;
    const dataEnd = crlf(text, at);
    if (dataEnd !== true) return dataEnd;
    at += 2;
  }
}

function trailers(text: string, start: number): number | null {
  let at = start;
  while (at < text.length && text[at] !== '\r') {
    const line = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(:[\t\x20-\x7e\x80-\xff]*)?/.exec(text.slice(at));
    if (line === null) return -1;
    at += line[0].length;
    if (line[1] === undefined) return at === text.length ? null : -1;
    const end = crlf(text, at);
    if (end !== true) return end;
    at += 2;
  }
  const end = crlf(text, at);
  return end === true ? at + 2 : end;
}

function crlf(text: string, at: number): true | -1 | null {
  if (text.startsWith('\r\n', at)) return true;
  return '\r\n'.startsWith(text.slice(at)) ? null : -1;
}

function walk(text: string, cuts: readonly number[], extensionsAllowed: boolean): number | null {
  const bytes = Buffer.from(text, 'latin1');
  const walker = new ChunkedWalker(extensionsAllowed);
  let from = 0;
  for (const to of [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    const past = walker.advance(bytes, from, to);
    if (past === -1) return -1;
    if (walker.done) return past;
    assert.equal(past, to);
    from = to;
  }
  return null;
}

const chunk = fc
  .tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.nat({ max: 3 }), fc.boolean())
  .map(([data, zeros, upper]) => {
    const size = '0'.repeat(zeros) + data.length.toString(16);
    return `${upper ? size.toUpperCase() : size}\r\n${data}\r\n`;
  });
const body = fc
  .tuple(
    fc.array(chunk, { maxLength: 5 }),
    fc.constantFrom('0', '000'),
    fc.constantFrom('', 'a: b\r\n', 'a:\r\nc: \t d\r\n'),
  )
  .map(([chunks, last, fields]) => `${chunks.join('')}${last}\r\n${fields}\r\n`);
const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
/** Pieces of the grammar in any order: mostly broken, sometimes not. */
const soup = fc
  .array(
    fc.constantFrom(
      '0',
      '3',
      'a',
      'F',
      '\r\n',
      '\r',
      '\n',
      ';',
      'x=y',
      'abc',
      ':',
      ' ',
      '0\r\n',
      '3\r\nabc\r\n',
      '\u00ff',
      '\u0000',
    ),
    {
      maxLength: 14,
    },
  )
  .map((pieces) => pieces.join(''));

describe('the end of a chunked body', () => {
  test('is where a reader of the whole body finds it, wherever the pieces end', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          body,
          soup,
          fc.tuple(body, soup).map(([one, two]) => one + two),
        ),
        cuts,
        fc.boolean(),
        (text, at, allowed) => {
          assert.equal(walk(text, at, allowed), reference(text, allowed));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('of generated bodies is their end, and what follows is left alone', () => {
    fc.assert(
      fc.property(body, cuts, (text, at) => {
        assert.equal(walk(`${text}GET / HTTP/1.1`, at, false), text.length);
      }),
    );
  });

  test('is not looked for in endless extensions or trailers', () => {
    assert.equal(walk(`1;${'x'.repeat(256)}\r\na\r\n0\r\n\r\n`, [], true), 268);
    assert.equal(walk(`1;${'x'.repeat(257)}\r\na\r\n0\r\n\r\n`, [], true), -1);
    assert.equal(walk(`0\r\n${'a: b\r\n'.repeat(3000)}\r\n`, [], false), -1);
    assert.equal(walk('fffffffffffff\r\n', [], false), -1);
    assert.equal(walk('ffffffffffff\r\n', [], false), null);
  });

  test('a walker can be used again', () => {
    const walker = new ChunkedWalker(false);
    const bytes = Buffer.from('1\r\na\r\n0\r\n\r\n');
    for (let round = 0; round < 2; round++) {
      assert.equal(walker.advance(bytes, 0, bytes.length), bytes.length);
      assert.equal(walker.done, true);
      walker.reset();
      assert.equal(walker.done, false);
    }
  });
});
