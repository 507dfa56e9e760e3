import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, eventually, ok, rawApp, startProxy } from './harness.ts';

const upgrade =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n';
const switching =
  'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: y\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

test('an upgrade opens a tunnel that is one use for as long as it is open', async (t) => {
  const app = await rawApp(t, (peer) => peer.socket.once('data', () => peer.send(`${switching}hello`)));
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send(upgrade);
  const answer = await client.until((text) => text.endsWith('hello'));
  assert.equal(answer, `${switching}hello`, 'the head goes on as it came');
  const [peer] = app.peers;
  assert.ok(peer);
  assert.match(peer.received, /\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n$/);
  assert.equal(proxy.gate.usage().inFlight, 1);
  peer.received = '';
  client.send('\u0000\u0001ÿ');
  await peer.until((text) => text === '\u0000\u0001ÿ');
  peer.send('\u0081\u0002');
  await client.until((text) => text.endsWith('\u0081\u0002'));
  client.end();
  await peer.untilEnd();
  peer.send('after the half-close').end();
  assert.equal((await client.untilEnd()).endsWith('after the half-close'), true);
  await eventually(
    () => proxy.gate.usage().inFlight === 0,
    () => 'still in flight',
  );
  assert.equal(proxy.gate.counters.responses[1], 1);
});

test('the app may be the first to close its side', async (t) => {
  const app = await rawApp(t, (peer) => peer.socket.once('data', () => peer.send(switching).end()));
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send(upgrade);
  await client.untilEnd();
  client.send('still heard').end();
  await eventually(
    () => app.peers[0]?.received.endsWith('still heard') ?? false,
    () => 'not heard',
  );
  await eventually(
    () => proxy.gate.usage().inFlight === 0,
    () => 'still in flight',
  );
});

test('what the client sends before the 101 reaches the app only after it', async (t) => {
  const app = await rawApp(t, () => {});
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send(`${upgrade}early`);
  await eventually(
    () => app.peers[0]?.received.endsWith('\r\n\r\n') ?? false,
    () => 'not sent',
  );
  client.send(' bird');
  await eventually(
    () => proxy.gate.counters.bytesIn === upgrade.length + 10,
    () => 'not read',
  );
  const [peer] = app.peers;
  assert.equal(peer?.received.includes('early'), false);
  peer?.send(switching);
  await eventually(
    () => peer?.received.endsWith('early bird') ?? false,
    () => peer?.received ?? 'no peer',
  );
});

test('any other answer closes both connections, and the early bytes go nowhere', async (t) => {
  const app = await rawApp(
    t,
    answering(() => ok('no tunnel')),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
  const client = proxy.connect().send(`${upgrade}${smuggled}`);
  const answer = await client.untilEnd();
  assert.match(answer, /\r\nConnection: close\r\n/);
  assert.equal(answer.endsWith('no tunnel'), true);
  await app.peers[0]?.untilEnd();
  assert.equal(app.peers.length, 1);
  assert.equal(app.peers[0]?.received.includes('smuggled'), false);
});

test('a tunnel gets a connection of its own', async (t) => {
  const app = await rawApp(
    t,
    answering((head) => (head.includes('Upgrade') || head.includes('upgrade') ? switching : ok('ok'))),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  await proxy
    .connect()
    .send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    .until((text) => text.endsWith('ok'));
  await proxy
    .connect()
    .send(upgrade)
    .until((text) => text.includes('101'));
  assert.equal(app.peers.length, 2);
});

test('HTTP/2 without TLS is not switched to, with or without a body', async (t) => {
  const app = await rawApp(
    t,
    answering(() => ok('plain')),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const lines = 'Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n';
  const client = proxy.connect().send(`GET / HTTP/1.1\r\n${lines}\r\n`);
  await client.until((text) => text.endsWith('plain'));
  await client
    .send(`POST / HTTP/1.1\r\n${lines}Content-Length: 3\r\n\r\nabc`)
    .until((text) => text.split('plain').length === 3);
  assert.equal(/upgrade|http2/i.test(app.peers[0]?.received ?? ''), false);
});

for (const offered of ['websocket, h2c', 'h2c,websocket', 'WebSocket ,\tH2C ']) {
  test(`HTTP/2 without TLS is found in a list of offers: ${JSON.stringify(offered)}`, async (t) => {
    const app = await rawApp(
      t,
      answering(() => ok('plain')),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    await proxy
      .connect()
      .send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${offered}\r\n\r\n`)
      .until((text) => text.endsWith('plain'));
    assert.equal(/upgrade|h2c/i.test(app.peers[0]?.received ?? ''), false);
  });
}

test('a dead app cuts the tunnel, a dead client too', async (t) => {
  const app = await rawApp(
    t,
    answering(() => switching),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const first = proxy.connect().send(upgrade);
  await first.until((text) => text.includes('101'));
  app.peers[0]?.reset();
  await first.untilEnd();
  const second = proxy.connect().send(upgrade);
  await second.until((text) => text.includes('101'));
  second.reset();
  await app.peers[1]?.untilEnd();
  await eventually(
    () => proxy.gate.usage().inFlight === 0,
    () => 'still in flight',
  );
});

test('a client that is reset resets the app: neither takes a cut for an end', async (t) => {
  const app = await rawApp(
    t,
    answering(() => switching),
  );
  const proxy = await startProxy(t);
  proxy.inline(app.port);
  const client = proxy.connect().send(upgrade);
  await client.until((text) => text.includes('101'));
  client.reset();
  await eventually(
    () => app.peers[0]?.closed === true,
    () => 'still open',
  );
  assert.equal(app.peers[0]?.failed, true);
});
