import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sniff, type Sniffed } from './sniff.ts';

const verdicts: Readonly<Record<string, Sniffed>> = {
  'GET / HTTP/1.1\r\n': 'http',
  'M-SEARCH * HTTP/1.1\r\n': 'http',
  'GET http://example.org/ HTTP/1.1\r\n': 'http',
  'CONNECT example.org:443 HTTP/1.1\r\n': 'http',
  'CONNECT [::1]:443 HTTP/1.1\r\n': 'http',
  'OPTIONS * HTTP/1.1\n': 'http',
  'GET / HTTP/9.9\r\n': 'http',
  'GET /a/very/long/path': 'http',
  G: 'more',
  'GET ': 'more',
  'GET ht': 'more',
  '': 'more',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n': 'tcp',
  '\x16\x03\x01\x02\x00\x01': 'tcp',
  'SSH-2.0-OpenSSH_9.7 Debian-7\r\n': 'tcp',
  'get key\r\n': 'tcp',
  'SET key value\r\n': 'tcp',
  'GET /key\r\n': 'tcp',
  'PING\r\n': 'tcp',
  '*1\r\n$4\r\nPING\r\n': 'tcp',
  'NICK someone\r\n': 'tcp',
  'CONNECT {"verbose":false}\r\n': 'tcp',
  'OPTIONS rtsp://example.org/ RTSP/1.0\r\n': 'tcp',
  'INVITE sip:someone@example.org SIP/2.0\r\n': 'tcp',
  ABCDEFGHIJKLMNOPQRSTUVWXYZ: 'tcp',
};

for (const [bytes, verdict] of Object.entries(verdicts)) {
  void test(`${JSON.stringify(bytes.slice(0, 40))} is ${verdict}`, () => {
    assert.equal(sniff(Buffer.from(bytes, 'latin1')), verdict);
  });
}

void test('a request is never taken for bytes, however it is cut', () => {
  const request = Buffer.from('DELETE http://example.org/thing HTTP/1.1\r\nHost: example.org\r\n\r\n');
  for (let cut = 0; cut < request.length; cut += 1) assert.notEqual(sniff(request.subarray(0, cut)), 'tcp');
});

void test('more bytes never turn a verdict of bytes into HTTP, and never leave any undecided for long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, cut) => {
      const all = Buffer.from(bytes);
      if (sniff(all.subarray(0, cut)) === 'tcp') assert.equal(sniff(all), 'tcp');
      if (all.length > 29) assert.notEqual(sniff(all), 'more');
    }),
  );
});
