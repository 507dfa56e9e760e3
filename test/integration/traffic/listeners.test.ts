import assert from 'node:assert/strict';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import type { PortSpec } from '../../../src/core/app.ts';
import { ListenError } from '../../../src/ports/data-path.ts';
import {
  answering,
  dataPath,
  eventually,
  freePort,
  front,
  listen,
  ok,
  Peer,
  rawApp,
  specOf,
  standsStill,
  Watcher,
} from './harness.ts';

const request = 'GET / HTTP/1.1\r\nHost: demo\r\n\r\n';
const echo = (t: TestContext) =>
  rawApp(t, ({ socket }) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });
const portsOf = (...ports: number[]) =>
  ports.map((port, index) => ({
    name: index === 0 ? 'main' : `port${index}`,
    listen: { host: '127.0.0.1', port },
    target: 'assigned' as const,
    protocol: 'tcp' as const,
  }));

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('listeners', () => {
  test('a taken port is named, with what to do; the other ports of the app are free again', async (t) => {
    const taken = await listen(t, net.createServer());
    const free = freePort();
    await assert.rejects(front(t, { ports: portsOf(free, taken) }), (error) => {
      assert.ok(error instanceof ListenError);
      assert.equal(error.code, 'EADDRINUSE');
      assert.equal(error.address.port, taken);
      assert.match(error.message, /Another program listens on 127\.0\.0\.1:\d+\. End it, or/);
      return true;
    });
    assert.equal(await accepts(free), false);
  });

  test('an address that this machine does not have', async (t) => {
    const port = { ...portsOf(freePort())[0], listen: { host: '192.0.2.1', port: freePort() } };
    await assert.rejects(front(t, { ports: [{ ...portsOf(1)[0], ...port }] as never }), {
      code: 'EADDRNOTAVAIL',
    });
  });

  test('a port may be added and removed; connections of a removed one go on', async (t) => {
    const app = await echo(t);
    const [a, b, c] = [freePort(), freePort(), freePort()];
    const { gate, inline, connect } = await front(t, { ports: portsOf(a, b) });
    gate.route({
      mode: 'inline',
      endpoints: [
        {
          id: 'e',
          addresses: [
            { portName: 'main', host: '127.0.0.1', port: app.port },
            { portName: 'port1', host: '127.0.0.1', port: app.port },
          ],
        },
      ],
    });
    const [onA, onB] = [connect(a).send('1'), connect(b).send('2')];
    await Promise.all([onA.until((text) => text === '1'), onB.until((text) => text === '2')]);
    await gate.update(specOf(a, { ports: portsOf(a, c) }));
    assert.deepEqual([await accepts(a), await accepts(b), await accepts(c)], [true, false, true]);
    onA.send('3');
    onB.send('4');
    await Promise.all([onA.until((text) => text === '13'), onB.until((text) => text === '24')]);
    inline(app.port);
    await connect(a)
      .send('5')
      .until((text) => text === '5');
  });

  test('an update that cannot bind changes nothing', async (t) => {
    const taken = await listen(t, net.createServer());
    const [a, b] = [freePort(), freePort()];
    const { gate } = await front(t, { ports: portsOf(a, b) });
    await assert.rejects(gate.update(specOf(a, { ports: portsOf(a, taken) })), ListenError);
    assert.deepEqual([await accepts(a), await accepts(b)], [true, true]);
  });

  test('closed in the midst of an update: none of its ports is left behind', async () => {
    const [a, b] = [freePort(), freePort()];
    const gate = await dataPath().open(specOf(a), new Watcher());
    const updating = gate.update(specOf(a, { ports: portsOf(a, b) }));
    await Promise.all([gate.close(0), updating]);
    assert.deepEqual([await accepts(a), await accepts(b)], [false, false]);
  });

  for (const fails of [true, false])
    test(`a client that is quicker than another port, which ${fails ? 'cannot be bound, wakes nothing and is closed' : 'is bound then, is held'}`, async (t) => {
      const [a, b] = [freePort(), fails ? await listen(t, net.createServer()) : freePort()];
      const [first, second] = portsOf(a, b);
      // A name has to be looked up, which leaves time to connect to the port before it.
      const ports = [first, { ...second, listen: { host: 'localhost', port: b } }] as PortSpec[];
      const client = duringLookup(t, () => comeTo(t, a));
      const watcher = new Watcher();
      const opening = dataPath().open(specOf(a, { ports }), watcher);
      if (fails) {
        await assert.rejects(opening, ListenError);
        await (await client).untilEnd();
        assert.deepEqual(watcher.demands, []);
        assert.equal(await accepts(a), false);
        return;
      }
      const gate = await opening;
      t.after(() => gate.close(0));
      await eventually(
        () => watcher.demands.length === 1 && gate.usage().held === 1,
        () => 'nobody is held',
      );
    });

  test('a client that has left before another port is bound is forgotten', async (t) => {
    const [a, b] = [freePort(), freePort()];
    const [first, second] = portsOf(a, b);
    const ports = [first, { ...second, listen: { host: 'localhost', port: b } }] as PortSpec[];
    const left = duringLookup(t, async () => {
      const peer = (await comeTo(t, a)).end();
      return await comeTo(t, a).then(() => peer);
    });
    const gate = await dataPath().open(specOf(a, { ports }), new Watcher());
    t.after(() => gate.close(0));
    await (await left).untilEnd();
    assert.equal(gate.counters().refused.left, 1);
    assert.equal(gate.usage().held, 1, 'the other one is there still');
  });

  test('two ports may change places', async (t) => {
    const apps = await Promise.all([
      rawApp(t, (peer) => peer.send('first')),
      rawApp(t, (peer) => peer.send('second')),
    ]);
    const [a, b] = [freePort(), freePort()];
    const { gate, connect } = await front(t, { ports: portsOf(a, b) });
    const addresses = apps.map(({ port }, index) => ({
      portName: portsOf(a, b)[index]?.name ?? '',
      host: '127.0.0.1',
      port,
    }));
    gate.route({ mode: 'inline', endpoints: [{ id: 'e', addresses }] });
    await connect(a).until((text) => text === 'first');
    await gate.update(specOf(b, { ports: portsOf(b, a) }));
    await connect(a).until((text) => text === 'second');
    await connect(b).until((text) => text === 'first');
  });

  test('a port that is removed takes no other with it: a running app keeps its ports, whatever their order is now', async (t) => {
    const apps = await Promise.all([
      rawApp(t, (peer) => peer.send('first')),
      rawApp(t, (peer) => peer.send('second')),
    ]);
    const [a, b] = [freePort(), freePort()];
    const ports = portsOf(a, b);
    const { gate, connect } = await front(t, { ports });
    const addresses = apps.map(({ port }, index) => ({
      portName: ports[index]?.name ?? '',
      host: '127.0.0.1',
      port,
    }));
    gate.route({ mode: 'inline', endpoints: [{ id: 'e', addresses }] });
    await connect(b).until((text) => text === 'second');
    await gate.update(specOf(b, { ports: ports.slice(1) }));
    await connect(b).until((text) => text === 'second');
  });

  test('a port that the running app does not know yet: an end, not a wait, and the app is not taken for dead', async (t) => {
    const app = await echo(t);
    const [a, b, c] = [freePort(), freePort(), freePort()];
    const { gate, inline, connect, watcher } = await front(t, { ports: portsOf(a) });
    inline(app.port);
    const web = { ...portsOf(a, c)[1], name: 'web', protocol: 'http' as const } as PortSpec;
    await gate.update(
      specOf(a, { ports: [...portsOf(a, b), { ...web, listen: { host: '127.0.0.1', port: c } }] }),
    );
    assert.equal(await connect(b).send('x').untilEnd(), '');
    const told = await connect(c)
      .send(request)
      .until((text) => text.includes('restarted'));
    assert.match(told, /^HTTP\/1\.1 502 /);
    assert.deepEqual(watcher.unreachables, []);
    assert.deepEqual([gate.usage().held, gate.usage().inFlight], [0, 0]);
  });

  test('a port that changes its role never stops listening', async (t) => {
    const app = await echo(t);
    const a = freePort();
    const { gate, connect } = await front(t, { ports: portsOf(a) });
    const names = ['main', 'other', 'third'];
    const addresses = names.map((portName) => ({ portName, host: '127.0.0.1', port: app.port }));
    gate.route({ mode: 'inline', endpoints: [{ id: 'e', addresses }] });
    const old = connect(a).send('old');
    await old.until((text) => text === 'old');
    for (const name of ['other', 'third', 'main']) {
      const ports = portsOf(a).map((port) => ({ ...port, name }));
      const updated = gate.update(specOf(a, { ports }));
      const during = connect(a).send('during');
      await updated;
      await during.until((text) => text === 'during');
    }
    await old.send('!').until((text) => text === 'old!');
    assert.equal(gate.usage().inFlight, 4);
  });

  test('open connections are limited for all apps together', async (t) => {
    const path = dataPath({ connections: 2 });
    const [one, two] = [await front(t, { protocol: 'tcp' }, path), await front(t, { protocol: 'tcp' }, path)];
    const first = one.connect();
    two.connect();
    await eventually(
      () => one.gate.usage().held + two.gate.usage().held === 2,
      () => 'not held',
    );
    await two.connect().untilEnd();
    first.end();
    await eventually(
      () => one.gate.usage().held === 0,
      () => 'still held',
    );
    two.connect();
    await eventually(
      () => two.gate.usage().held === 2,
      () => 'no room was made',
    );
  });

  test('of a connection that is held, little is read, however it sends', async (t) => {
    const { connect, gate } = await front(t, { protocol: 'tcp' });
    const peer = connect();
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    const accepted = acceptedFrom(peer.socket);
    const read = (): number => accepted.bytesRead;
    peer.socket.write(Buffer.alloc(70_000));
    await eventually(
      () => read() >= 64 * 1024,
      () => `${read()} bytes read`,
    );
    // Whether a little more is read now, or nothing, is a matter of how it is read.
    peer.socket.write(Buffer.alloc(40_000));
    await standsStill(read);
    peer.socket.write(Buffer.alloc(30_000_000));
    const all = await standsStill(read);
    assert.ok(all <= (64 + 16 + 64) * 1024, `${all} bytes read`);
  });

  test(
    'the kernel asks peers that are silent whether they are still there',
    {
      skip: process.platform !== 'linux' && 'read from /proc',
    },
    async (t) => {
      const { connect, gate, port } = await front(t, { protocol: 'tcp' });
      const peer = connect();
      await eventually(
        () => gate.usage().held === 1,
        () => 'not held',
      );
      const hex = (number: number | undefined): string =>
        (number ?? 0).toString(16).toUpperCase().padStart(4, '0');
      const ends = `:${hex(port)} [0-9A-F]+:${hex(peer.socket.localPort)}`;
      const keepAliveTimer = '02';
      assert.match(
        await readFile('/proc/net/tcp', 'latin1'),
        new RegExp(`${ends} 01 \\S+ ${keepAliveTimer}:`),
      );
    },
  );

  test('closing: the held are refused, the silent let go, and what is in flight may end', async (t) => {
    const app = await rawApp(
      t,
      answering(() => ok('fine')),
    );
    const it = await front(t);
    it.inline(app.port);
    await it
      .connect()
      .send(request)
      .until((text) => text.endsWith('fine'));
    const silent = it.connect();
    const busy = it.connect().send('*1\r\n');
    await eventually(
      () => it.gate.usage().inFlight === 1 && it.gate.counters().connections === 3,
      () => 'not in flight',
    );
    it.gate.route({ mode: 'hold' });
    const held = it.connect().send(request);
    await eventually(
      () => it.gate.usage().held === 1,
      () => 'not held',
    );
    const closing = it.gate.close(10_000);
    assert.equal(await accepts(it.port), false);
    assert.match(await held.untilEnd(), /^HTTP\/1\.1 503 /);
    await silent.untilEnd();
    assert.equal(busy.ended, false);
    app.peers.find(({ received }) => received === '*1\r\n')?.end();
    await busy.untilEnd();
    busy.end();
    held.end();
    await closing;
  });

  test('closing: what does not end is cut after the grace', async (t) => {
    const app = await echo(t);
    const it = await front(t, { protocol: 'tcp' });
    it.inline(app.port);
    const busy = it.connect().send('x');
    await busy.until((text) => text === 'x');
    await it.gate.close(50);
    await busy.untilEnd();
  });

  test('hundreds that are released at once leave room for another app', async (t) => {
    const path = dataPath();
    const app = await echo(t);
    const [crowd, other] = [
      await front(t, { protocol: 'tcp', maxHeld: 10_000 }, path),
      await front(t, { protocol: 'tcp' }, path),
    ];
    other.inline(app.port);
    const count = 400; // fewer than the accept queue of the app has room for
    const peers = Array.from({ length: count }, () => crowd.connect().send('x'));
    await eventually(
      () => crowd.gate.usage().held === count,
      () => `${crowd.gate.usage().held} held`,
    );
    crowd.inline(app.port);
    assert.ok(crowd.gate.usage().held > 0, 'all were released in one turn');
    await other
      .connect()
      .send('y')
      .until((text) => text === 'y');
    assert.ok(
      peers.some(({ received }) => received === ''),
      'the crowd was served first',
    );
    await Promise.all(peers.map((peer) => peer.until((text) => text === 'x')));
    assert.equal(crowd.gate.usage().held, 0);
  });
});

async function comeTo(t: TestContext, port: number): Promise<Peer> {
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const peer = new Peer(socket);
  await once(socket, 'connect');
  // Time enough to be accepted.
  for (let turns = 0; turns < 100; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  return peer;
}

/** While `localhost` is looked up, this comes to pass. */
function duringLookup<T>(t: TestContext, event: () => Promise<T>): Promise<T> {
  type Found = (error: null, addresses: { address: string; family: number }[]) => void;
  const { promise, resolve } = Promise.withResolvers<T>();
  t.mock.method(dns, 'lookup', (name: string, _options: object, found: Found) => {
    const answer = (): void => found(null, [{ address: '127.0.0.1', family: 4 }]);
    if (name !== 'localhost') return answer();
    void event().then((result) => {
      resolve(result);
      answer();
    });
  });
  return promise;
}

/** The other end, inside Drowse, of a connection: nothing public leads to it. */
function acceptedFrom(peer: net.Socket): net.Socket {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles: () => unknown[] };
  const accepted = handles
    .call(process)
    .find((each) => each instanceof net.Socket && each.remotePort === peer.localPort);
  assert.ok(accepted instanceof net.Socket);
  return accepted;
}
