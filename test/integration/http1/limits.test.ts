import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { answering, eventually, ok, rawApp, standsStill, startProxy } from './harness.ts';

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** An app has got the first three of the ten bytes of a body. */
async function halfSent(t: TestContext) {
  const clock = new FakeClock();
  const app = await rawApp(t, () => {});
  const proxy = await startProxy(t, { clock });
  proxy.inline(app.port);
  const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  await eventually(
    () => app.peers[0]?.received.endsWith('abc') ?? false,
    () => 'not sent',
  );
  return { clock, app, proxy, client };
}

describe('slow clients', () => {
  test('a head that does not end in time: 408, however many bytes keep coming', async (t) => {
    const clock = new FakeClock();
    const proxy = await startProxy(t, { clock });
    const client = proxy.connect();
    for (const byte of 'GET / HTTP/1.1\r\n') {
      const before = proxy.gate.counters.bytesIn;
      client.send(byte);
      await eventually(
        () => client.ended || proxy.gate.counters.bytesIn > before,
        () => 'not read',
      );
      clock.advance(1000);
    }
    client.send('X');
    clock.advance(2000);
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 408 /);
    assert.equal(proxy.observer.demands.length, 0);
  });

  test('a connection on which nothing ever comes is closed; an idle one much later', async (t) => {
    const clock = new FakeClock();
    const app = await rawApp(
      t,
      answering(() => ok('ok')),
    );
    const proxy = await startProxy(t, { clock });
    proxy.inline(app.port);
    const silent = proxy.connect();
    const idle = proxy.connect().send(get);
    await idle.until((text) => text.endsWith('ok'));
    await eventually(
      () => silent.socket.readyState === 'open',
      () => 'not connected',
    );
    clock.advance(17_000);
    assert.equal(await silent.untilEnd(), '');
    assert.equal(idle.ended, false);
    clock.advance(585_000);
    await idle.untilEnd();
  });

  test('a body that stops coming: 408, and the app loses its connection', async (t) => {
    const { clock, app, proxy, client } = await halfSent(t);
    clock.advance(125_000);
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 408 /);
    await app.peers[0]?.untilEnd();
    assert.equal(proxy.gate.usage().inFlight, 0);
  });

  test('a body that stops coming while its early answer is on the way is nobody’s fault', async (t) => {
    const { clock, app, proxy, client } = await halfSent(t);
    app.peers[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
    for (const part of ['a', 'b', 'c', 'd']) {
      app.peers[0]?.send(part);
      await client.until((text) => text.endsWith(part));
      clock.advance(100_000);
    }
    assert.match(await client.untilEnd(), /abcd$/);
    assert.equal(proxy.gate.usage().inFlight, 0);
  });

  test('an app may take its time', async (t) => {
    const clock = new FakeClock();
    const app = await rawApp(t, () => {});
    const proxy = await startProxy(t, { clock });
    proxy.inline(app.port);
    const client = proxy.connect().send(get);
    await eventually(
      () => app.peers[0]?.received.endsWith('\r\n\r\n') ?? false,
      () => 'not sent',
    );
    clock.advance(3_600_000);
    app.peers[0]?.send(ok('at last'));
    await client.until((text) => text.endsWith('at last'));
  });

  test('a client that does not read its answer is cut', async (t) => {
    const clock = new FakeClock();
    const body = 'x'.repeat(32 << 20);
    const app = await rawApp(
      t,
      answering(() => ok(body)),
    );
    const proxy = await startProxy(t, { clock });
    proxy.inline(app.port);
    const client = proxy.connect();
    client.socket.pause();
    client.send(get);
    await standsStill(() => proxy.gate.counters.bytesOut);
    clock.advance(125_000);
    await app.peers[0]?.untilEnd();
    await eventually(
      () => proxy.gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });

  test('nothing is timed while there are no connections', async (t) => {
    const clock = new FakeClock();
    const proxy = await startProxy(t, { clock });
    assert.equal(clock.timers, 0);
    const client = proxy.connect();
    await eventually(
      () => clock.timers === 1,
      () => `${clock.timers} timers`,
    );
    client.reset();
    await eventually(
      () => clock.timers === 0,
      () => `${clock.timers} timers`,
    );
  });
});

describe('large things', () => {
  test('a head of 100 MB gets 431 after its first kilobytes, and none of it is kept', async (t) => {
    const proxy = await startProxy(t);
    const client = proxy.connect().send('GET / HTTP/1.1\r\nHost: a\r\nX: ');
    const piece = Buffer.alloc(1 << 20, 'y');
    const before = process.memoryUsage().arrayBuffers;
    let sent = 0;
    while (!client.ended && sent < 100) {
      sent += 1;
      if (!client.socket.write(piece)) {
        await eventually(
          () => client.ended || client.socket.writableLength === 0,
          () => 'neither read nor refused',
        );
      }
    }
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 431 /);
    const kept = process.memoryUsage().arrayBuffers - before;
    assert.ok(kept < 16 << 20, `${kept} bytes are kept`);
    assert.equal(proxy.observer.demands.length, 0);
  });

  test('an answer of 64 MB to a slow reader is not kept in between', async (t) => {
    const size = 64 << 20;
    const app = await rawApp(t, (peer) => {
      peer.socket.once('data', () => {
        peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        const piece = Buffer.alloc(1 << 20, 'a');
        let left = size / piece.length;
        const more = (): void => {
          while (left-- > 0) if (!peer.socket.write(piece)) return void peer.socket.once('drain', more);
        };
        more();
      });
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    client.socket.pause();
    client.send(get);
    const seen = await standsStill(() => proxy.gate.counters.bytesOut);
    assert.ok(seen < 24 << 20, `${seen} bytes were taken from the app`);
    let length = 0;
    client.socket.removeAllListeners('data');
    client.socket.on('data', (chunk: Buffer) => (length += chunk.length));
    client.socket.resume();
    await eventually(
      () => length > size,
      () => `${length} bytes`,
    );
    assert.equal(proxy.gate.usage().inFlight, 0);
  });

  test('an upload to an app that does not read is not kept in between', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.pause();
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 67108864\r\n\r\n');
    client.socket.write(Buffer.alloc(64 << 20));
    const seen = await standsStill(() => proxy.gate.counters.bytesIn);
    assert.ok(seen < 24 << 20, `${seen} bytes were taken from the client`);
    const [peer] = app.peers;
    assert.ok(peer);
    let length = 0;
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (chunk: Buffer) => (length += chunk.length));
    peer.socket.resume();
    await eventually(
      () => length > 64 << 20,
      () => `${length} bytes`,
    );
    peer.send(ok('all there'));
    await client.until((text) => text.endsWith('all there'));
  });
});
