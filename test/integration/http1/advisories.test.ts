import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test } from 'node:test';
import { startApi } from '../api/harness.ts';
import { answering, eventually, ok, Peer, rawApp, startProxy } from './harness.ts';

const get = (lines = ''): string => `GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
const upgrade = get('Connection: Upgrade\r\nUpgrade: websocket\r\n');
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const fine = answering(() => ok('fine'));

/** What was wrong with others, and is not to become wrong here. */
describe('advisories', () => {
  test('Node CVE-2026-21710: a header named __proto__ is one like others, to an app and to the API', async (t) => {
    const app = await rawApp(t, fine);
    const rule = { path: null, methods: null, userAgent: 'probe', sources: null };
    const answer = { status: 200, body: '', contentType: 'text/plain' };
    const proxy = await startProxy(t, { noWake: [{ ...rule, answer }], waitingPage: true });
    proxy.inline(app.port);
    await proxy
      .connect()
      .send(get('__proto__: x\r\nconstructor: y\r\n'))
      .until((text) => text.endsWith('fine'));
    assert.match(app.peers[0]?.received ?? '', /\r\n__proto__: x\r\nconstructor: y\r\n/);
    const { url } = await startApi(t);
    const asked = new Peer(net.connect(Number(new URL(url).port), '127.0.0.1'));
    asked.send('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n__proto__: x\r\n\r\n');
    assert.match(await asked.untilEnd(), /^HTTP\/1\.1 200 /);
  });

  test('Node CVE-2025-59465: a connection that breaks at any moment is no concern of others', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.once('data', () => {
        if (peer.received.startsWith('GET /half'))
          peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
        else if (peer.received.includes('websocket'))
          peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
        else peer.send(ok('fine'));
      });
    });
    const proxy = await startProxy(t);
    const breaks = async (bytes: string, until: (text: string) => boolean): Promise<void> => {
      const peer = proxy.connect();
      await once(peer.socket, 'connect');
      peer.send(bytes);
      await peer.until(until);
      peer.reset();
      await once(peer.socket, 'close');
    };
    const silence = (): boolean => true;
    await breaks('', silence);
    await breaks('GET', silence);
    await breaks(get(), () => proxy.gate.usage().held === 1);
    proxy.inline(app.port);
    await breaks('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab', silence);
    await breaks('GET /half HTTP/1.1\r\nHost: a\r\n\r\n', (text) => text.endsWith('half'));
    await breaks(upgrade, (text) => text.includes(' 101 '));
    await breaks('\u0016\u0003\u0001\u0002\u0000\u0001\u0000', silence);
    await breaks(get('Bad\r\n'), (text) => text.includes(' 400 '));
    await proxy
      .connect()
      .send(get())
      .until((text) => text.endsWith('fine'));
    await eventually(
      () => proxy.gate.usage().inFlight === 0 && proxy.gate.usage().held === 0,
      () => JSON.stringify(proxy.gate.usage()),
    );
  });

  test('undici CVE-2026-1525: Content-Length twice, whatever its case, in a request or an answer', async (t) => {
    const twice = 'Content-Length: 4\r\ncontent-length: 4\r\n';
    const app = await rawApp(
      t,
      answering(() => `HTTP/1.1 200 OK\r\n${twice}\r\nfine`),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const refused = await proxy.connect().send(`POST / HTTP/1.1\r\nHost: a\r\n${twice}\r\nfine`).untilEnd();
    assert.match(refused, /^HTTP\/1\.1 400 /);
    assert.equal(app.peers.length, 0);
    await proxy
      .connect()
      .send(get())
      .until((text) => text.startsWith('HTTP/1.1 502 ') && text.includes('upstream-failed'));
  });

  for (const [name, value] of [
    ['a line feed', 'websocket\nX-Evil: 1'],
    ['a carriage return', 'websocket\rX-Evil: 1'],
    ['a folded line', 'websocket\r\n X-Evil: 1'],
  ] as const) {
    test(`undici CVE-2026-1527: ${name} in Upgrade adds no header`, async (t) => {
      const app = await rawApp(t, fine);
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const client = proxy.connect().send(get(`Connection: Upgrade\r\nUpgrade: ${value}\r\n`));
      assert.match(await client.untilEnd(), /^HTTP\/1\.1 400 /);
      assert.equal(app.peers.length, 0);
    });
  }

  test('Pingora CVE-2026-2833: bytes behind an Upgrade that the app does not grant are no request', async (t) => {
    const app = await rawApp(t, fine);
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const text = await proxy
      .connect()
      .send(upgrade + smuggled)
      .untilEnd();
    assert.equal(text.split('HTTP/1.1 ').length, 2);
    assert.equal(
      app.peers
        .map(({ received }) => received)
        .join('')
        .includes('smuggled'),
      false,
    );
  });

  test('nghttp2 CVE-2026-58055: an Upgrade with a body goes nowhere', async (t) => {
    const app = await rawApp(t, fine);
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const lines = `Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${smuggled.length}\r\n`;
    assert.match(
      await proxy
        .connect()
        .send(get(lines) + smuggled)
        .untilEnd(),
      /^HTTP\/1\.1 400 /,
    );
    assert.equal(app.peers.length, 0);
  });

  test('the class of Envoy CVE-2026-73548: CONNECT opens no tunnel, and the bytes behind it go nowhere', async (t) => {
    const app = await rawApp(t, fine);
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send(`CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${smuggled}`);
    const text = await client.untilEnd();
    assert.match(text, /^HTTP\/1\.1 405 /);
    assert.equal(text.split('HTTP/1.1 ').length, 2);
    assert.equal(app.peers.length, 0);
  });
});
