import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { fieldValue } from './field-value.ts';
import { Head, INCOMPLETE } from './head.ts';
import { requestMethod, requestPath, requestTarget } from './no-wake.ts';
import { parseRequest } from './request-head.ts';
import { parseResponse } from './response-head.ts';
import { copyClosingHead, requestHeadBound, squeezeResponseHead, writeRequestHead } from './rewrite.ts';

const address = Buffer.from('10.1.2.3');
const proto = Buffer.from('http');

function forwarded(request: string): string {
  const head = new Head();
  const bytes = Buffer.from(request, 'latin1');
  assert.equal(parseRequest(bytes, 0, bytes.length, head), bytes.length, head.fault);
  const out = Buffer.alloc(requestHeadBound(head, address));
  return out.toString('latin1', 0, writeRequestHead(head, bytes, out, address, proto, false));
}

/** What a response head becomes, by either of the two ways. */
function answered(response: string): { squeezed: string; copied: string } {
  const head = new Head();
  const bytes = Buffer.from(`${response}BODY`, 'latin1');
  assert.equal(parseResponse(bytes, 0, bytes.length, head), response.length, head.fault);
  const copy = copyClosingHead(head, bytes, 0);
  const copied = copy.bytes.toString('latin1', 0, copy.end);
  const squeezed = bytes.toString('latin1', squeezeResponseHead(head, bytes), response.length);
  assert.equal(bytes.toString('latin1', response.length), 'BODY');
  return { squeezed, copied };
}

function anyOf(characters: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from(characters));
}

const token = fc.string({
  unit: anyOf('abcXYZ019-_.!~'),
  minLength: 1,
  maxLength: 12,
});
const value = fc.string({ unit: anyOf('abc XYZ\t019,;="/\u00e9'), maxLength: 60 }).map((text) => text.trim());
/** Names that mean something to a proxy are left to tests of their own. */
const field = fc.tuple(
  token.filter((name) => !/^(te|host|expect|upgrade|connection)$/i.test(name)),
  value,
);
const path = fc.string({ unit: anyOf('abc019/?%&=.~'), maxLength: 80 }).map((rest) => `/${rest}`);
const hopByHop = fc.subarray([
  'Keep-Alive: 5',
  'Proxy-Connection: x',
  'Connection: close, x-gone',
  'X-Gone: 1',
  'x-GONE:2',
  'TE: gzip',
]);
const request = fc.record({
  method: token,
  path,
  fields: fc.array(field, { maxLength: 10 }),
  gone: hopByHop,
  minor: fc.nat({ max: 1 }),
});

describe('a request head', () => {
  test('is read as it was written, and goes on with its own fields in order', () => {
    fc.assert(
      fc.property(request, ({ method, path: target, fields, gone, minor }) => {
        const nominates = gone.includes('Connection: close, x-gone');
        const kept = fields.map(([name, text]) => `${name}: ${text}\r\n`);
        const left = gone.filter((line) => nominates || !/^x-gone/i.test(line));
        const stays = gone.filter((line) => !left.includes(line)).map((line) => `${line}\r\n`);
        const lines = [...kept, ...left.map((line) => `${line}\r\n`), ...stays];
        const text = `${method} ${target} HTTP/1.${minor}\r\nHost: a.b\r\n${lines.join('')}\r\n`;
        const head = new Head();
        const bytes = Buffer.from(text, 'latin1');
        assert.equal(parseRequest(bytes, 0, bytes.length, head), bytes.length, head.fault);
        assert.equal(requestMethod(bytes, head), method);
        assert.equal(requestTarget(bytes, head), target);
        assert.equal(requestPath(bytes, head), target.replace(/\?.*/, ''));
        assert.equal(head.minor, minor);
        assert.equal(head.close, nominates);
        for (const [name, content] of fields) {
          const first = fields.find(([other]) => other.toLowerCase() === name.toLowerCase());
          if (first?.[1] === content) assert.equal(fieldValue(bytes, head, name.toLowerCase()), content);
        }
        assert.equal(
          forwarded(text),
          `${method} ${target} HTTP/1.${minor}\r\nHost: a.b\r\n${kept.join('')}${stays.join('')}` +
            'X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a.b\r\n\r\n',
        );
      }),
    );
  });

  /** Pieces of requests in any order, so that most of what a parser can meet comes up. */
  const pieces = fc
    .array(
      fc.constantFrom(
        'GET ',
        'OPTIONS ',
        '/ ',
        '* ',
        'http://a/x ',
        'HTTP/1.1\r\n',
        'HTTP/1.0\r\n',
        'Host: a\r\n',
        'Host: b\r\n',
        '\r\n',
        '\r',
        '\n',
        ' ',
        ':',
        'X: y\r\n',
        'Content-Length: 3\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Connection: close, x\r\n',
        'X',
        '\u0000',
        'Upgrade: x\r\n',
        'Expect: 100-continue\r\n',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));
  const likely = pieces.map((rest) => `GET / HTTP/1.1\r\nHost: a\r\n${rest}\r\n\r\n`);

  test('gives the same result however many bytes have come, once it gives one', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, likely), (text) => {
        const early = new Head();
        const late = new Head();
        const bytes = Buffer.from(text, 'latin1');
        const whole = parseRequest(bytes, 0, bytes.length, late);
        for (let end = 0; end < bytes.length; end++) {
          const result = parseRequest(bytes, 0, end, early);
          if (result === INCOMPLETE) continue;
          assert.equal(result, whole);
          if (result > 0) assert.deepEqual(early, late);
          return;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('does not depend on where in a buffer it lies', () => {
    const one = new Head();
    const other = new Head();
    fc.assert(
      fc.property(fc.oneof(pieces, likely), fc.nat({ max: 50 }), (text, offset) => {
        const bytes = Buffer.from(text, 'latin1');
        const moved = Buffer.concat([Buffer.alloc(offset, 'G'), bytes, Buffer.from('GET')]);
        const result = parseRequest(bytes, 0, bytes.length, one);
        const shifted = parseRequest(moved, offset, offset + bytes.length, other);
        assert.equal(shifted, result < 0 ? result : result + offset);
        assert.deepEqual(
          [other.chunked, other.contentLength, other.close],
          [one.chunked, one.contentLength, one.close],
        );
      }),
    );
  });

  test('any bytes at all: a result, never an exception', () => {
    const head = new Head();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.ok(Number.isInteger(parseRequest(bytes, 0, bytes.length, head)));
        assert.ok(Number.isInteger(parseResponse(bytes, 0, bytes.length, head)));
      }),
    );
  });

  test('X-Forwarded-For is continued; what else a client says of its origin is replaced', () => {
    assert.equal(
      forwarded(
        'GET / HTTP/1.0\r\nX-Forwarded-Host: evil\r\nX-Forwarded-For: 1.1.1.1,2.2.2.2 \r\nX-Forwarded-Proto: https\r\n\r\n',
      ),
      'GET / HTTP/1.0\r\nX-Forwarded-For: 1.1.1.1,2.2.2.2, 10.1.2.3\r\nX-Forwarded-Proto: http\r\n\r\n',
    );
  });

  test('no field in which a client may forge where it comes from goes on', () => {
    const families = ['Port', 'PREFIX', 'Ssl', 'Server', 'anything'].map((last) => `X-Forwarded-${last}`);
    const underscored = ['X_Forwarded_For', 'X-Forwarded_For', 'X_Real_IP'];
    const forged = ['Forwarded', 'forwarded', 'X-Real-IP', ...families, ...underscored];
    const kept = ['X-Forwarded', 'X-Forwarder', 'Forwarder', 'X-Request-ID'];
    const lines = (names: readonly string[]) => names.map((name) => `${name}: 6.6.6.6\r\n`).join('');
    assert.equal(
      forwarded(`GET / HTTP/1.0\r\n${lines(forged)}${lines(kept)}\r\n`),
      `GET / HTTP/1.0\r\n${lines(kept)}X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: http\r\n\r\n`,
    );
  });
});

describe('a response head', () => {
  test('loses the fields of the connection by either way of rewriting', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 10 }), hopByHop, fc.nat({ max: 10 }), (fields, gone, at) => {
        const nominates = gone.includes('Connection: close, x-gone');
        const lines = fields.map(([name, text]) => ({ line: `${name}: ${text}\r\n`, kept: true }));
        const others = gone.map((line) => ({
          line: `${line}\r\n`,
          kept: /^x-gone/i.test(line) && !nominates,
        }));
        lines.splice(Math.min(at, lines.length), 0, ...others);
        const all = lines.map(({ line }) => line).join('');
        const kept = lines.filter((line) => line.kept).map(({ line }) => line);
        const { squeezed, copied } = answered(`HTTP/1.0 200 Fine\r\n${all}\r\n`);
        assert.equal(squeezed, `HTTP/1.1 200 Fine\r\n${kept.join('')}\r\n`);
        assert.equal(copied, `HTTP/1.1 200 Fine\r\n${kept.join('')}Connection: close\r\n\r\n`);
      }),
    );
  });

  test('may have no reason, any three-digit status, and is incomplete until its empty line', () => {
    const head = new Head();
    const bytes = Buffer.from('HTTP/1.1 404\r\nA: b\r\n\r\n');
    for (let end = 0; end < bytes.length; end++) assert.equal(parseResponse(bytes, 0, end, head), INCOMPLETE);
    assert.equal(parseResponse(bytes, 0, bytes.length, head), bytes.length);
    assert.equal(head.status, 404);
  });
});
