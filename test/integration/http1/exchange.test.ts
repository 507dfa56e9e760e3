import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { answering, eventually, listen, ok, type Peer, type Proxy, rawApp, startProxy } from './harness.ts';

/** A real HTTP server, so that what arrives is judged by a parser that is not ours. */
async function echoApp(t: TestContext): Promise<number> {
  const server = http.createServer((request, response) => {
    const { url = '' } = request;
    if (url === '/hash') {
      const hash = createHash('sha1');
      let length = 0;
      request.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        length += chunk.length;
      });
      request.on('end', () => response.end(`${length}:${hash.digest('hex')}`));
    } else if (url.startsWith('/chunked/')) {
      for (let part = 0; part < Number(url.slice(9)); part++) response.write(`part${part};`);
      response.end();
    } else if (url.startsWith('/bytes/')) {
      response.end('a'.repeat(Number(url.slice(7))));
    } else if (url === '/204') {
      response.writeHead(204).end();
    } else {
      response.end(url);
    }
  });
  server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.writeContinue();
    let length = 0;
    request.on('data', (chunk: Buffer) => (length += chunk.length));
    request.on('end', () => response.end(`continued ${length}`));
  });
  return listen(t, server);
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe('heads', () => {
  test('fields of the connection stay on it, forwarding fields are said by us, the rest goes on unchanged', async (t) => {
    let seen = '';
    const app = await rawApp(
      t,
      answering((head) => {
        seen = head;
        return 'HTTP/1.1 200 OK\r\nX-Foo: 1\r\nKeep-Alive: timeout=5\r\nX-Keep:  2 \r\nConnection: keep-alive, X-Foo\r\nContent-Length: 2\r\n\r\nok';
      }),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    client.send(
      'GET /x?y=%20 HTTP/1.1\r\nhOsT: a.b:80\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n' +
        'Connection: X-Priv\r\nX-Priv: 1\r\nx-keep: 2\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\nTE: gzip\r\nKeep-Alive: 3\r\nUpgrade: h2c\r\n' +
        'X-Forwarded-For: 8.8.8.8 \r\n__proto__: z\r\n\r\n',
    );
    const answer = await client.until((text) => text.endsWith('ok'));
    assert.equal(
      seen,
      'GET /x?y=%20 HTTP/1.1\r\nhOsT: a.b:80\r\nx-keep: 2\r\n__proto__: z\r\nX-Forwarded-For: 9.9.9.9, 8.8.8.8, 127.0.0.1\r\n' +
        'X-Forwarded-Proto: http\r\nX-Forwarded-Host: a.b:80\r\n\r\n',
    );
    assert.equal(answer, 'HTTP/1.1 200 OK\r\nX-Keep:  2 \r\nContent-Length: 2\r\n\r\nok');
  });

  test('TE: trailers may go on', async (t) => {
    let seen = '';
    const app = await rawApp(
      t,
      answering((head) => ((seen = head), ok('ok'))),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    await proxy
      .connect()
      .send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n')
      .until((text) => text.endsWith('ok'));
    assert.match(seen, /\r\nTE: trailers\r\n/);
  });

  test('absolute form of the same host becomes a path', async (t) => {
    const targets: string[] = [];
    const app = await rawApp(
      t,
      answering((head) => {
        targets.push(head.split(' ')[1] ?? '');
        return ok('ok');
      }),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    for (const target of ['http://A.b/p?q', 'HTTP://a.b', 'http://a.b?q=/', 'http://a.b/']) {
      client.send(`GET ${target} HTTP/1.1\r\nHost: a.b\r\n\r\n`);
    }
    await client.until((text) => text.split('HTTP/1.1 200').length === 5);
    assert.deepEqual(targets, ['/p?q', '/', '/?q=/', '/']);
  });

  test('the asterisk form and one empty line before a request are in order', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const client = proxy.connect().send('\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until((text) => text.endsWith('*'));
    await client.send(`\r\n${get('/n')}`).until((text) => text.endsWith('/n'));
  });

  test('an HTTP/1.0 answer becomes HTTP/1.1, since the connection to the client is', async (t) => {
    const app = await rawApp(
      t,
      answering(() => 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    await client.send(get('/')).until((text) => text.endsWith('ok'));
    await client.send(get('/')).until((text) => text.split('ok').length === 3);
    assert.equal(client.received.includes('HTTP/1.0'), false);
    assert.equal(app.peers.length, 2, 'such a connection to an app is not used again');
  });

  test('a request and its answer byte by byte', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const client = await proxy.connect().trickle(get(`/${'z'.repeat(50)}`));
    await client.until((text) => text.endsWith('zzz'));
    await client.trickle(
      'POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
    );
    await client.until((text) => /8:[0-9a-f]{40}/.test(text));
  });

  test('an answer whose head comes in pieces', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.once(
        'data',
        () => void peer.trickle('HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello'),
      );
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const answer = await proxy
      .connect()
      .send(get('/'))
      .until((text) => text.endsWith('hello'));
    assert.equal(answer, 'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello');
  });
});

describe('connections', () => {
  test('a kept-alive connection carries many requests, over one connection to the app, and is no use in between', async (t) => {
    const app = await rawApp(
      t,
      answering((_, count) => ok(`n${count}`)),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    for (let count = 0; count < 20; count++) {
      await client.send(get('/')).until((text) => text.endsWith(`n${count}`));
      assert.equal(proxy.gate.usage().inFlight, 0);
    }
    assert.equal(app.peers.length, 1);
    assert.equal(proxy.gate.counters.requests, 20);
    assert.deepEqual(proxy.gate.counters.responses, [0, 0, 20, 0, 0, 0]);
    assert.equal(client.ended, false);
    assert.equal(proxy.gate.usage().lastUse?.path, '/');
  });

  test('pipelined requests are answered in order', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    const client = proxy.connect().send(numbers.map((number) => get(`/n/${number}`)).join(''));
    await client.until((text) => text.endsWith('/n/49'));
    const order = [...client.received.matchAll(/\r\n\r\n\/n\/(\d+)/g)].map((match) => Number(match[1]));
    assert.deepEqual(order, numbers);
  });

  test('pipelined requests with bodies of both kinds', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const pair =
      'POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n' +
      'POST /hash HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';
    const client = proxy.connect().send(pair.repeat(20));
    await client.until((text) => text.split('3:a9993e364706816aba3e25717850c26c9cd0d89d').length === 21);
    assert.equal(client.received.split('5:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d').length, 21);
  });

  test('Connection: close is honoured on both sides', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const answer = await proxy
      .connect()
      .send('GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      .untilEnd();
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.equal(answer.endsWith('/x'), true);
  });

  test('a client that closes its side after the request still gets the answer', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.once('data', () => setImmediate(() => peer.send(ok('late'))));
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const answer = await proxy.connect().send(get('/')).end().untilEnd();
    assert.equal(answer.endsWith('late'), true);
  });

  test('draining answers what is in progress and closes idle connections', async (t) => {
    const app = await rawApp(t, () => {});
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const idle = proxy.connect();
    const busy = proxy.connect().send(get('/'));
    await busy.until(() => app.peers[0]?.received.endsWith('\r\n\r\n') ?? false);
    proxy.context.drain();
    await idle.untilEnd();
    app.peers[0]?.send(ok('done'));
    const answer = await busy.untilEnd();
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.equal(answer.endsWith('done'), true);
  });
});

describe('bodies', () => {
  test('no body where there must be none: HEAD, 204, 304', async (t) => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
      ok('end'),
    ];
    const app = await rawApp(
      t,
      answering((_, count) => answers[count] ?? ''),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').send(get('/')).send(get('/')).send(get('/'));
    assert.equal(await client.until((text) => text.endsWith('end')), answers.join(''));
  });

  test('chunked answers come as they are; HTTP/1.0 gets none', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const client = proxy.connect().send(get('/chunked/30'));
    await client.until((text) => text.endsWith('0\r\n\r\n') && text.includes('part29;'));
    const old = await proxy.connect().send('GET /chunked/3 HTTP/1.0\r\nHost: a\r\n\r\n').untilEnd();
    assert.equal(/transfer-encoding/i.test(old), false);
    assert.equal(old.endsWith('part0;part1;part2;'), true);
  });

  test('an answer that ends with the connection', async (t) => {
    for (const version of ['1.0', '1.1']) {
      const app = await rawApp(t, (peer) => {
        peer.socket.once('data', () => peer.send(`HTTP/${version} 200 OK\r\n\r\nuntil-`).send('close').end());
      });
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const answer = await proxy.connect().send(get('/')).untilEnd();
      assert.equal(answer, 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil-close');
    }
  });

  test('Expect: 100-continue is the app’s to answer', async (t) => {
    const port = await echoApp(t);
    const proxy = await startProxy(t);
    proxy.inline(port);
    const client = proxy.connect();
    client.send('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
    await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
    await client.send('abc').until((text) => text.endsWith('continued 3'));
    await client.send(get('/next')).until((text) => text.endsWith('/next'));
  });

  test('early hints are passed on, but not to HTTP/1.0', async (t) => {
    const app = await rawApp(
      t,
      answering(() => `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok('ok')}`),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const answer = await proxy
      .connect()
      .send(get('/'))
      .until((text) => text.endsWith('ok'));
    assert.equal(answer, `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok('ok')}`);
    const old = await proxy.connect().send('GET / HTTP/1.0\r\n\r\n').untilEnd();
    assert.equal(old.includes('103'), false);
  });

  for (const chunked of [false, true]) {
    test(`an upload of 8 MB arrives whole, ${chunked ? 'chunked' : 'with a length'}`, async (t) => {
      const port = await echoApp(t);
      const proxy = await startProxy(t);
      proxy.inline(port);
      const body = randomBytes(8 << 20);
      const answer = await new Promise<string>((resolve, reject) => {
        const request = http.request(
          {
            port: proxy.port,
            path: '/hash',
            method: 'POST',
            ...(chunked ? {} : { headers: { 'Content-Length': body.length } }),
          },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => resolve(text));
          },
        );
        request.on('error', reject);
        for (let at = 0; at < body.length; at += 70_001) request.write(body.subarray(at, at + 70_001));
        request.end();
      });
      assert.equal(answer, `${body.length}:${createHash('sha1').update(body).digest('hex')}`);
    });
  }

  test('an early answer reaches the client though the app resets the connection under the upload', async (t) => {
    const { app, proxy, client } = await uploadUnderWay(t);
    // In this order the proxy writes before it reads, and the write fails.
    client.send('more');
    app.peers[0]?.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nnope').reset();
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*nope$/);
    assert.equal(proxy.gate.usage().inFlight, 0);
  });

  test('a body that ends with the connection is not whole when the app resets it, though a write met the reset first', async (t) => {
    const { app, proxy, client } = await uploadUnderWay(t);
    client.send('more');
    app.peers[0]?.send('HTTP/1.1 200 OK\r\n\r\npart').reset();
    await eventually(
      () => client.failed,
      () => `the client sees no failure: ${client.received}`,
    );
    assert.equal(proxy.gate.usage().inFlight, 0);
  });

  test('an early answer goes on to a client that sends no more of its body, and closes its side', async (t) => {
    const { app, proxy, client } = await uploadUnderWay(t);
    app.peers[0]?.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\nnope');
    await client.until((text) => text.endsWith('nope'));
    const before = app.peers[0]?.received.length;
    client.end();
    // The end has been read once a request behind it is answered.
    await proxy
      .connect()
      .send(get('/'))
      .until(() => app.peers.length === 2);
    app.peers[0]?.send('nope');
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*nopenope$/);
    await app.peers[0]?.untilEnd();
    assert.equal(app.peers[0]?.received.length, before);
  });

  test('an early answer reaches the client, and both connections close', async (t) => {
    const app = await rawApp(
      t,
      answering(() => 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nnope'),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc');
    const answer = await client.untilEnd();
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.equal(answer.endsWith('nope'), true);
    await app.peers[0]?.untilEnd();
    assert.equal(proxy.gate.usage().inFlight, 0);
  });
});

/** The app has the head of a request and a little of its body. */
async function uploadUnderWay(
  t: TestContext,
): Promise<{ app: Awaited<ReturnType<typeof rawApp>>; proxy: Proxy; client: Peer }> {
  const app = await rawApp(t, () => {});
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc');
  await eventually(
    () => app.peers[0]?.received.endsWith('abc') ?? false,
    () => 'nothing arrived',
  );
  return { app, proxy, client };
}
