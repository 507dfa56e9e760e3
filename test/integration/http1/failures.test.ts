import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import type { Peer, Proxy } from './harness.ts';
import { answering, deafPort, eventually, ok, portOf, rawApp, startProxy } from './harness.ts';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';

function nothingInFlight(proxy: Proxy): void {
  assert.deepEqual([proxy.gate.usage().inFlight, proxy.gate.usage().held], [0, 0]);
}

async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await eventually(
    () => server.listening,
    () => 'not listening',
  );
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the app dies', () => {
  const moments: Readonly<Record<string, { die: (peer: Peer) => void; expected: RegExp }>> = {
    'before it answers': {
      die: (peer) => peer.socket.destroy(),
      expected: /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*"code":"upstream-failed"/,
    },
    'before it answers, by a reset': { die: (peer) => peer.reset(), expected: /^HTTP\/1\.1 502 / },
    'before it answers, by a half-close': { die: (peer) => peer.end(), expected: /^HTTP\/1\.1 502 / },
    'within the head': {
      die: (peer) => peer.send('HTTP/1.1 200 OK\r\nContent-').end(),
      expected: /^HTTP\/1\.1 502 /,
    },
    'after early hints': {
      die: (peer) => peer.send('HTTP/1.1 103 Early Hints\r\n\r\n').end(),
      expected: /^HTTP\/1\.1 103 Early Hints\r\n\r\nHTTP\/1\.1 502 /,
    },
    'within a body with a length': {
      die: (peer) => peer.send('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort').end(),
      expected: /^HTTP\/1\.1 200 OK\r\nContent-Length: 20\r\n\r\nshort$/,
    },
    'within a chunked body': {
      die: (peer) => peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab').end(),
      expected: /^HTTP\/1\.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab$/,
    },
    'with nonsense': {
      die: (peer) => peer.send('nonsense nonsense nonsense\r\n\r\n'),
      expected: /^HTTP\/1\.1 502 /,
    },
    'switching protocols unasked': {
      die: (peer) =>
        peer.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      expected: /^HTTP\/1\.1 502 /,
    },
  };
  for (const [moment, { die, expected }] of Object.entries(moments)) {
    test(moment, async (t) => {
      const app = await rawApp(t, (peer) => peer.socket.once('data', () => die(peer)));
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const client = proxy.connect().send(get('/'));
      const whole = (text: string): boolean => client.ended || text.endsWith('}}\n');
      assert.match(await client.until(whole), expected);
      nothingInFlight(proxy);
      assert.equal(app.peers.length, 1, 'the request was sent once');
    });
  }

  test('in a body that ends with the connection: a reset, so that the client sees that it is not whole', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.once('data', () => peer.send('HTTP/1.1 200 OK\r\n\r\npart'));
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send(get('/'));
    await client.until((text) => text.endsWith('part'));
    app.peers[0]?.reset();
    await eventually(
      () => client.failed,
      () => 'the client sees no failure',
    );
    nothingInFlight(proxy);
  });

  test('502 keeps the connection where framing allows, and the next request is served', async (t) => {
    let count = 0;
    const app = await rawApp(t, (peer) => {
      peer.socket.on('data', () => (count++ === 0 ? peer.reset() : peer.send(ok('back'))));
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send(get('/'));
    await client.until((text) => text.endsWith('}}\n'));
    await client.send(get('/')).until((text) => text.endsWith('back'));
    assert.equal(proxy.gate.counters.refused['upstream-failed'], 1);
  });

  test('while a body is sent', async (t) => {
    const app = await rawApp(t, (peer) => peer.socket.once('data', () => peer.reset()));
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nabc');
    assert.match(await client.untilEnd(), /^HTTP\/1\.1 502 /);
    nothingInFlight(proxy);
  });
});

/** Answers the first request; on the second closes the connection without an answer. */
const closesOnSecond = (peer: Peer): void => {
  let count = 0;
  peer.socket.on('data', () => (count++ === 0 ? peer.send(ok('on')) : peer.socket.destroy()));
};

describe('connections to the app that are used again', () => {
  test('an idempotent request without a body is sent once more on a fresh connection', async (t) => {
    const app = await rawApp(t, closesOnSecond);
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    await client.send(get('/1')).until((text) => text.endsWith('on'));
    await client.send(get('/2')).until((text) => text.split('HTTP/1.1 200').length === 3);
    assert.equal(app.peers.length, 2);
    assert.equal(proxy.gate.counters.retries, 1);
  });

  test('any other is not', async (t) => {
    const app = await rawApp(t, closesOnSecond);
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    await client.send(get('/1')).until((text) => text.endsWith('on'));
    await client.send(post).until((text) => text.includes('HTTP/1.1 502'));
    assert.equal(app.peers.length, 1);
    assert.equal(proxy.gate.counters.retries, 0);
  });

  test('nor is one of which a byte was answered', async (t) => {
    const app = await rawApp(t, (peer) => {
      let count = 0;
      peer.socket.on('data', () => (count++ === 0 ? peer.send(ok('on')) : peer.send('H').end()));
    });
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    await client.send(get('/1')).until((text) => text.endsWith('on'));
    await client.send(get('/2')).until((text) => text.includes('HTTP/1.1 502'));
    assert.equal(app.peers.length, 1);
  });

  test('one that the app has closed, or on which it spoke unasked, is not used again', async (t) => {
    for (const spoil of [(peer: Peer) => peer.end(), (peer: Peer) => peer.send(ok('evil'))]) {
      const app = await rawApp(
        t,
        answering(() => ok('ok')),
      );
      const proxy = await startProxy(t);
      proxy.inline(app.port);
      const client = proxy.connect();
      await client.send(get('/1')).until((text) => text.endsWith('ok'));
      const [first] = app.peers;
      assert.ok(first);
      spoil(first);
      await eventually(
        () => first.ended,
        () => 'the connection stays open',
      );
      await client.send(post).until((text) => text.split('HTTP/1.1 200').length === 3);
      assert.equal(client.received.includes('evil'), false);
      assert.equal(app.peers.length, 2);
    }
  });

  test('bytes behind an answer are cut off, and that connection is dropped', async (t) => {
    const app = await rawApp(
      t,
      answering(() => `${ok('ok')}${ok('evil')}`),
    );
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect();
    await client.send(get('/1')).until((text) => text.endsWith('ok'));
    await client.send(get('/2')).until((text) => text.split('HTTP/1.1 200').length === 3);
    assert.equal(client.received, ok('ok').repeat(2));
    assert.equal(app.peers.length, 2);
  });

  test('idle ones close when the endpoint leaves the route, and after their time', async (t) => {
    const clock = new FakeClock();
    const app = await rawApp(
      t,
      answering(() => ok('ok')),
    );
    const proxy = await startProxy(t, { clock });
    proxy.inline(app.port);
    await proxy
      .connect()
      .send(get('/1'))
      .until((text) => text.endsWith('ok'));
    proxy.hold();
    await app.peers[0]?.untilEnd();
    proxy.inline(app.port);
    await proxy
      .connect()
      .send(get('/2'))
      .until((text) => text.endsWith('ok'));
    assert.equal(app.peers.length, 2);
    clock.advance(33_000);
    await app.peers[1]?.untilEnd();
  });
});

describe('the app cannot be reached', () => {
  test('a refused dial waits for another endpoint: nothing was sent', async (t) => {
    const proxy = await startProxy(t);
    proxy.inline(await unusedPort());
    const client = proxy.connect().send(post);
    await eventually(
      () => proxy.observer.unreachables.length > 0,
      () => 'nobody was told',
    );
    assert.equal(client.received, '');
    const app = await rawApp(
      t,
      answering(() => ok('there')),
    );
    proxy.inline(app.port);
    await client.until((text) => text.endsWith('there'));
    assert.equal(app.peers[0]?.received.endsWith('\r\n\r\nabc'), true);
    nothingInFlight(proxy);
  });

  test('a dial that takes too long is given up', async (t) => {
    const clock = new FakeClock();
    const proxy = await startProxy(t, { clock });
    const port = await deafPort(t);
    proxy.inline(port);
    proxy.connect().send(get('/'));
    await eventually(
      () => proxy.gate.usage().inFlight === 1,
      () => 'no dial',
    );
    clock.advance(5000);
    assert.deepEqual(proxy.observer.unreachables, []);
    clock.advance(2000);
    assert.deepEqual(proxy.observer.unreachables, [`e${port}`]);
  });
});

describe('the client goes away', () => {
  test('by a reset while it is answered: the connection to the app closes', async (t) => {
    const app = await rawApp(t, () => {});
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send(get('/'));
    await eventually(
      () => app.peers[0]?.received.endsWith('\r\n\r\n') ?? false,
      () => 'not sent',
    );
    client.reset();
    await app.peers[0]?.untilEnd();
    await eventually(
      () => proxy.gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });

  test('by a half-close within its body: the app gets no whole request', async (t) => {
    const app = await rawApp(t, () => {});
    const proxy = await startProxy(t);
    proxy.inline(app.port);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc').end();
    await client.untilEnd();
    assert.equal(client.received.includes(' 200 '), false);
    await eventually(
      () => app.peers.every((peer) => peer.ended),
      () => 'the app still waits',
    );
    await eventually(
      () => proxy.gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });
});
