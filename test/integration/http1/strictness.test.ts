import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Head, INCOMPLETE } from '../../../src/traffic/http1/head.ts';
import { parseRequest } from '../../../src/traffic/http1/request-head.ts';
import { parseResponse } from '../../../src/traffic/http1/response-head.ts';
import { answering, ok, rawApp, startProxy } from './harness.ts';
import { badChunkedBodies, badRequests } from './probes.ts';

const HEAD_LIMIT = 16 * 1024;

describe('a request that two readers could understand differently', () => {
  for (const probe of badRequests) {
    test(`${probe.name}: ${probe.status}, and the app hears nothing of it`, async (t) => {
      const app = await rawApp(
        t,
        answering(() => ok('reached')),
      );
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const answer = await proxy.connect().send(probe.request).untilEnd();
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${probe.status} `));
      assert.match(answer, /\r\nConnection: close\r\n/);
      assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1, 'one answer');
      assert.equal(app.peers.length, 0);
      assert.equal(proxy.gate.usage().inFlight, 0);
      assert.equal(proxy.gate.counters.refused['bad-request'], 1);
    });
  }
});

describe('a chunked request body that is not what it says', () => {
  for (const [name, body] of Object.entries(badChunkedBodies)) {
    test(`${name}: 400, and the app gets no whole request`, async (t) => {
      const app = await rawApp(t, () => {});
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
      const client = proxy.connect();
      for (const piece of [head, body]) await client.trickle(piece);
      assert.match(await client.untilEnd(), /^HTTP\/1\.1 400 /);
      assert.equal(app.peers.length <= 1, true);
      for (const peer of app.peers) {
        await peer.untilEnd();
        assert.equal(peer.received.endsWith('\r\n0\r\n\r\n'), false, peer.received);
      }
      assert.equal(proxy.gate.usage().inFlight, 0);
    });
  }
});

test('the parser does not mind where the pieces of a bad request end', () => {
  const head = new Head();
  for (const probe of badRequests) {
    const bytes = Buffer.from(probe.request, 'latin1').subarray(0, HEAD_LIMIT);
    const whole = parseRequest(bytes, 0, bytes.length, head);
    for (let end = 0; end <= bytes.length; end++) {
      const result = parseRequest(bytes, 0, end, head);
      if (result !== INCOMPLETE) {
        assert.equal(result, whole, `${probe.name} at ${end}`);
        break;
      }
    }
  }
});

test('what cannot be read behind a HEAD is refused with a body', async (t) => {
  const app = await rawApp(
    t,
    answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until((text) => text.endsWith('\r\n\r\n'));
  client.send('GET / HTTP/1.1\r\nHost : a\r\n\r\n');
  assert.match(await client.untilEnd(), /HTTP\/1\.1 400 [^]*"code":"bad-request"/);
});

test('what an app may not answer', () => {
  const head = new Head();
  const bad: Readonly<Record<string, string>> = {
    'CL and TE': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
    'CL twice': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n',
    'CL twice, equal': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n',
    fold: 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 2\r\n\r\n',
    garbage: 'hello\r\n\r\n padding padding padding',
    'bare LF': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
    'another version': 'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.2': 'HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\n',
    'a status of two digits': 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n',
    'a status of four digits': 'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n',
    'a status below 100': 'HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n',
    'TE gzip': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
    'TE in HTTP/1.0': 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'control character in the reason': 'HTTP/1.1 200 O\u0000K\r\nContent-Length: 2\r\n\r\n',
    'Connection names Content-Length':
      'HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 2\r\n\r\n',
  };
  for (const [name, text] of Object.entries(bad)) {
    const bytes = Buffer.from(text, 'latin1');
    assert.equal(parseResponse(bytes, 0, bytes.length, head), -502, name);
  }
});
