import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyFraming } from './body.ts';
import { ClientRequest } from './client-request.ts';
import { Head } from './head.ts';
import { frameResponse, isReusable } from './response-framing.ts';
import { parseResponse } from './response-head.ts';

interface Framed {
  readonly fault: string | null;
  /** Where the body of ten bytes that follow ends; all of them where it ends with the connection. */
  readonly bodyEnd: number;
  readonly done: boolean;
  readonly reusable: boolean;
  readonly keepAlive: boolean;
}

function framed(request: string, response: string): Framed {
  const asked = new ClientRequest();
  const bytes = Buffer.from(request);
  assert.ok(asked.parse(bytes, 0, bytes.length) > 0);
  asked.begin(0);
  const head = new Head();
  const answer = Buffer.from(response);
  assert.ok(parseResponse(answer, 0, answer.length, head) > 0, head.fault);
  const framing = new BodyFraming(true);
  const fault = frameResponse(head, asked, framing);
  const bodyEnd = fault === null ? framing.advance(Buffer.from('3\r\nabc\r\n0\r\n\r\nmore'), 0, 17) : -1;
  const reusable = isReusable(head, asked, framing);
  return { fault, bodyEnd, done: framing.done, reusable, keepAlive: asked.keepAlive };
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const old = 'GET / HTTP/1.0\r\n\r\n';
const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n';
const whole = { fault: null, done: true, reusable: true, keepAlive: true };

test('by its length, by its chunks, or with the connection', () => {
  assert.deepEqual(framed(get, 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'), { ...whole, bodyEnd: 3 });
  assert.deepEqual(framed(get, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), {
    ...whole,
    bodyEnd: 13,
  });
  assert.deepEqual(framed(get, 'HTTP/1.1 200 OK\r\n\r\n'), {
    fault: null,
    bodyEnd: 17,
    done: false,
    reusable: false,
    keepAlive: false,
  });
});

test('nothing follows the answer to HEAD, a 204 or a 304, whatever they announce', () => {
  const announced = 'Content-Length: 3\r\n\r\n';
  assert.equal(framed(get.replace('GET', 'HEAD'), `HTTP/1.1 200 OK\r\n${announced}`).bodyEnd, 0);
  assert.equal(framed(get, `HTTP/1.1 204 No Content\r\n${announced}`).bodyEnd, 0);
  assert.equal(framed(get, `HTTP/1.1 304 Not Modified\r\n${announced}`).bodyEnd, 0);
});

test('HTTP/1.0 gets no chunks, and a protocol is switched only for who asked', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n';
  assert.match(framed(old, chunked).fault ?? '', /HTTP\/1\.0/);
  assert.match(framed(get, switched).fault ?? '', /unasked/);
  assert.match(framed(upgrade, 'HTTP/1.1 101 Switching Protocols\r\n\r\n').fault ?? '', /unasked/);
  assert.equal(framed(upgrade, switched).fault, null);
});

test('a connection to the app is not used again after close, HTTP/1.0, or an upgrade that was not granted', () => {
  const empty = 'Content-Length: 0\r\n\r\n';
  assert.equal(framed(get, `HTTP/1.1 200 OK\r\nConnection: close\r\n${empty}`).reusable, false);
  assert.equal(framed(get, `HTTP/1.0 200 OK\r\n${empty}`).reusable, false);
  assert.equal(framed(upgrade, `HTTP/1.1 200 OK\r\n${empty}`).reusable, false);
});
