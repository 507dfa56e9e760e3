import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestWords } from './request-words.ts';

const words = (text: string) => requestWords(Buffer.from(text, 'latin1'));

test('method, path and user agent, also of a head that is not whole', () => {
  const expected = { protocol: 'http', method: 'GET', path: '/a/b' };
  assert.deepEqual(words('GET /a/b HTTP/1.1\r\nHost: x\r\nuser-AGENT: \t curl/8\r\n\r\n'), {
    ...expected,
    userAgent: 'curl/8',
  });
  assert.deepEqual(words('GET /a/b'), expected);
});

test('the query is nobody’s to read: it may hold a key', () => {
  assert.equal(words('GET /a?key=s3cret HTTP/1.1\r\n')?.path, '/a');
});

test('no more than a person reads', () => {
  const long = words(`GET /${'a'.repeat(3000)} HTTP/1.1\r\nUser-Agent: ${'b'.repeat(3000)}\r\n\r\n`);
  assert.deepEqual([long?.path.length, long?.userAgent?.length], [512, 512]);
});

test('what has no request line has no words', () => {
  assert.deepEqual([words(''), words('\u0016\u0003\u0001'), words('GET\r\n\r\n')], [null, null, null]);
});
