import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Upstream } from '../../../src/traffic/http1/upstream.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { deafPort, eventually, freePort, front, rawApp } from './harness.ts';

/** Answers each chunk with itself, and its end with its own. */
const echo = (t: Parameters<typeof rawApp>[0]) =>
  rawApp(t, ({ socket }) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });

describe('tcp', () => {
  test('held from the accept, released without a byte lost, counted as long as it is open', async (t) => {
    const app = await echo(t);
    const { gate, watcher, inline, connect } = await front(t, { protocol: 'tcp' });
    const peer = connect();
    await eventually(
      () => watcher.demands.length === 1,
      () => 'no demand',
    );
    assert.equal(watcher.demands[0]?.client, `127.0.0.1:${peer.socket.localPort}`);
    assert.deepEqual([gate.usage().held, gate.usage().inFlight], [1, 0]);
    peer.send('hello, ').send('world');
    inline(app.port);
    await peer.until((text) => text === 'hello, world');
    assert.deepEqual([gate.usage().held, gate.usage().inFlight], [0, 1]);
    assert.equal(watcher.coldStarts.length, 1);
    peer.end();
    await peer.untilEnd();
    await eventually(
      () => gate.usage().inFlight === 0,
      () => 'still in flight',
    );
    const { bytesIn, bytesOut, connections, held } = gate.counters();
    assert.deepEqual([bytesIn, bytesOut, connections, held], [12, 12, 1, 1]);
    assert.equal(gate.usage().lastUse?.client, watcher.demands[0].client);
  });

  test('a FIN behind bytes is passed on after the release, and the answer still comes', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.on('end', () => peer.send(`got ${peer.received}`).end());
    });
    const { gate, inline, connect } = await front(t, { protocol: 'tcp' });
    const peer = connect().send('everything').end();
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    inline(app.port);
    assert.equal(await peer.untilEnd(), 'got everything');
    await eventually(
      () => gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });

  test('awake: a FIN before any byte is passed on', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.socket.on('end', () => peer.send('the time').end());
    });
    const { inline, connect } = await front(t, { protocol: 'tcp' });
    inline(app.port);
    assert.equal(await connect().end().untilEnd(), 'the time');
  });

  test('the app may end first', async (t) => {
    const app = await rawApp(t, (peer) => {
      peer.send('banner').end();
    });
    const { inline, connect, gate } = await front(t, { protocol: 'tcp' });
    inline(app.port);
    const peer = connect();
    assert.equal(await peer.untilEnd(), 'banner');
    peer.send('late').end();
    await eventually(
      () => app.peers[0]?.closed === true,
      () => 'the app is still connected',
    );
    assert.equal(app.peers[0]?.received, 'late');
    await eventually(
      () => gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });

  for (const how of ['FIN', 'RST'] as const) {
    test(`one who leaves with ${how} while held is forgotten within a second`, async (t) => {
      const { gate, connect } = await front(t, { protocol: 'tcp' });
      const peer = connect();
      await eventually(
        () => gate.usage().held === 1,
        () => 'not held',
      );
      if (how === 'RST') peer.reset();
      else peer.end();
      const tookMs = await eventually(
        () => gate.usage().held === 0,
        () => 'still held',
      );
      assert.ok(tookMs < 1000);
      assert.equal(gate.counters().refused.left, 1);
    });
  }

  test('RST after bytes, while held: left, and nothing is delivered', async (t) => {
    const app = await echo(t);
    const { gate, connect, inline } = await front(t, { protocol: 'tcp' });
    const peer = connect().send('something');
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    peer.reset();
    await eventually(
      () => gate.usage().held === 0,
      () => 'still held',
    );
    inline(app.port);
    assert.equal(app.peers.length, 0);
  });

  test('RST is passed on, both ways', async (t) => {
    const app = await echo(t);
    const { gate, connect, inline } = await front(t, { protocol: 'tcp' });
    inline(app.port);
    const [a, b] = [connect().send('a'), connect().send('b')];
    await Promise.all([a.until((text) => text === 'a'), b.until((text) => text === 'b')]);
    const appOf = (name: string) => app.peers.find(({ received }) => received === name);
    a.reset();
    appOf('b')?.reset();
    await eventually(
      () => appOf('a')?.failed === true && b.failed,
      () => 'a reset was not passed on',
    );
    await eventually(
      () => gate.usage().inFlight === 0,
      () => 'still in flight',
    );
  });

  test('what the app said before it was reset arrives, though a write met the reset first', async (t) => {
    const app = await rawApp(t, () => {});
    const { connect, inline, gate } = await front(t, { protocol: 'tcp' });
    inline(app.port);
    const client = connect().send('abc');
    await eventually(
      () => app.peers[0]?.received === 'abc',
      () => 'nothing arrived',
    );
    client.send('more');
    app.peers[0]?.send('no').reset();
    await eventually(
      () => client.failed,
      () => 'the client sees no reset',
    );
    assert.equal(client.received, 'no');
    assert.equal(gate.usage().inFlight, 0);
  });

  test('a FIN behind bytes that have not left yet is passed on behind them', async (t) => {
    t.mock.getter(Upstream.prototype, 'unsent', () => true);
    const app = await rawApp(t, (peer) => peer.socket.on('end', () => peer.send('answer').end()));
    const { connect, inline, gate } = await front(t, { protocol: 'tcp' });
    const client = connect().send('abc').end();
    await eventually(
      () => gate.usage().held === 1 && client.socket.writableFinished && gate.counters().connections === 1,
      () => 'not held',
    );
    inline(app.port);
    assert.equal(await client.untilEnd(), 'answer');
    assert.equal(app.peers[0]?.received, 'abc');
  });

  test('more than 64 KiB sent while held: all of it arrives', async (t) => {
    const app = await echo(t);
    const { gate, connect, inline } = await front(t, { protocol: 'tcp' });
    const text = 'x'.repeat(300_000);
    const peer = connect().send(text);
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    await new Promise((resolve) => setImmediate(resolve));
    inline(app.port);
    await peer.until((received) => received.length === text.length);
  });

  test('a slow reader slows the app down, and memory stays bounded', async (t) => {
    let written = 0;
    let blocked = false;
    const app = await rawApp(t, ({ socket }) => {
      const chunk = Buffer.alloc(64 * 1024, 'y');
      const fill = (): void => {
        while (written < 256 * 1024 * 1024) {
          written += chunk.length;
          if (!socket.write(chunk)) {
            blocked = true;
            socket.once('drain', fill);
            return;
          }
        }
      };
      fill();
    });
    const { connect, inline, gate } = await front(t, { protocol: 'tcp' });
    inline(app.port);
    const peer = connect();
    peer.socket.pause();
    await eventually(
      () => blocked,
      () => 'never blocked',
    );
    let seen = -1;
    await eventually(
      () => {
        const still = seen === written;
        seen = written;
        return still;
      },
      () => `still growing: ${written}`,
    );
    assert.ok(written < 64 * 1024 * 1024, `${written} bytes were taken from the app`);
    assert.ok(gate.counters().bytesOut <= written);
  });

  test('a refused dial waits for the next listener; nothing was sent, so nothing is lost', async (t) => {
    const port = freePort();
    const { gate, connect, inline, watcher } = await front(t, { protocol: 'tcp' });
    inline(port);
    const peer = connect().send('patient');
    await eventually(
      () => watcher.unreachables.length > 1,
      () => 'not reported',
    );
    assert.equal(gate.usage().held, 1);
    const app = await echo(t);
    inline(app.port);
    await peer.until((text) => text === 'patient');
    assert.ok(gate.counters().retries > 0);
  });

  test('a dial that nobody answers is given up, and the client waits for another', async (t) => {
    const clock = new FakeClock();
    const { gate, connect, inline, watcher } = await front(t, { protocol: 'tcp', clock });
    const deaf = await deafPort(t);
    inline(deaf);
    const peer = connect().send('patient');
    await eventually(
      () => gate.usage().inFlight === 1,
      () => 'no dial',
    );
    clock.advance(5000);
    assert.deepEqual(watcher.unreachables, []);
    clock.advance(2000);
    assert.deepEqual(watcher.unreachables, [`e${deaf}`]);
    const app = await echo(t);
    inline(app.port);
    await peer.until((text) => text === 'patient');
  });

  test('several replicas: the least loaded gets the next', async (t) => {
    const apps = await Promise.all([echo(t), echo(t), echo(t)]);
    const { connect, inline } = await front(t, { protocol: 'tcp' });
    inline(...apps.map(({ port }) => port));
    const peers = Array.from({ length: 9 }, () => connect().send('x'));
    await Promise.all(peers.map((peer) => peer.until((text) => text === 'x')));
    assert.deepEqual(
      apps.map((app) => app.peers.length),
      [3, 3, 3],
    );
  });

  test('one at a time: the next goes when the one before has closed', async (t) => {
    const app = await echo(t);
    const { connect, inline, gate } = await front(t, { protocol: 'tcp', maxConcurrency: 1 });
    inline(app.port);
    const first = connect().send('1');
    await first.until((text) => text === '1');
    const second = connect().send('2');
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    first.end();
    await second.until((text) => text === '2');
  });

  test('the held are limited, and time out: both are closed', async (t) => {
    const { connect, gate } = await front(t, { protocol: 'tcp', maxHeld: 1, holdTimeoutMs: 200 });
    const held = connect();
    await eventually(
      () => gate.usage().held === 1,
      () => 'not held',
    );
    await connect().untilEnd();
    await held.untilEnd();
    const { refused } = gate.counters();
    assert.deepEqual([refused['queue-full'], refused['hold-timeout'], refused.left], [1, 1, 0]);
  });

  test('an app that cannot be woken: closed at once', async (t) => {
    const { connect, gate } = await front(t, { protocol: 'tcp' });
    gate.route({
      mode: 'refuse',
      refusal: {
        state: 'failed',
        code: 'exited',
        message: 'It ended.',
        failure: null,
        retryAtMs: Infinity,
      },
    });
    await connect().untilEnd();
    assert.equal(gate.counters().refused['wake-failed'], 1);
  });
});
