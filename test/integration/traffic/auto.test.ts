import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { NoWakeRule } from '../../../src/core/app.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { answering, eventually, front, ok, rawApp, type Front } from './harness.ts';

const request = 'GET /page HTTP/1.1\r\nHost: demo\r\nUser-Agent: test\r\n\r\n';
const web = (t: TestContext) =>
  rawApp(
    t,
    answering(() => ok('fine')),
  );
const greeter = (t: TestContext) =>
  rawApp(t, (peer) => {
    peer.send('220 ready\r\n');
    peer.socket.on('data', (chunk) => peer.socket.write(chunk));
    peer.socket.on('end', () => peer.end());
  });
const echo = (t: TestContext) =>
  rawApp(t, ({ socket }) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });

const demanded = ({ watcher }: Front) =>
  eventually(
    () => watcher.demands.length > 0,
    () => 'no demand',
  );
const used = ({ gate }: Front, inFlight: number) =>
  eventually(
    () => gate.usage().inFlight === inFlight,
    () => `${gate.usage().inFlight} in flight, not ${inFlight}`,
  );
/** Longer than any silence that Drowse gives a meaning. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('auto', { concurrency: true }, () => {
  test('the wake fires at the accept, and the request that follows is served as HTTP', async (t) => {
    const app = await web(t);
    const it = await front(t);
    const peer = it.connect();
    await demanded(it);
    assert.equal(it.watcher.demands[0]?.method, undefined);
    assert.equal(it.gate.usage().held, 1);
    peer.send(request);
    await eventually(
      () => it.gate.counters().requests === 1 || it.watcher.demands[0]?.method === 'GET',
      () => 'the request was not read',
    );
    assert.equal(it.gate.usage().held, 1);
    it.inline(app.port);
    await peer.until((text) => text.endsWith('fine'));
    await used(it, 0);
    assert.equal(it.gate.counters().held, 1);
    assert.equal(it.gate.counters().refused.left, 0);
    assert.equal(it.watcher.coldStarts.length, 1);
    peer.send(request);
    await peer.until((text) => text.split('fine').length === 3);
    await used(it, 0);
    assert.equal(it.gate.counters().requests, 2);
  });

  test('a server that speaks first: its client is held in silence, then greeted', async (t) => {
    const app = await greeter(t);
    const it = await front(t);
    const peer = it.connect();
    await demanded(it);
    it.inline(app.port);
    await peer.until((text) => text === '220 ready\r\n');
    await used(it, 1);
    peer.send('hello');
    await peer.until((text) => text.endsWith('hello'));
    peer.end();
    await peer.untilEnd();
    await used(it, 0);
  });

  test('a port scanner does not make a port forget that its server speaks first', async (t) => {
    const app = await greeter(t);
    const it = await front(t);
    it.inline(app.port);
    const scanner = it.connect().send(request);
    await scanner.until((text) => text.startsWith('HTTP/1.1 502 '));
    const peer = it.connect();
    await peer.until((text) => text === '220 ready\r\n');
  });

  test('a client that is silent at first and then speaks no HTTP gets its bytes through', async (t) => {
    const app = await echo(t);
    const it = await front(t);
    it.inline(app.port);
    const peer = it.connect();
    await used(it, 1);
    peer.send('late word');
    await peer.until((text) => text === 'late word');
  });

  test('a client that is silent at first and then speaks HTTP is counted by requests', async (t) => {
    const app = await web(t);
    const it = await front(t);
    it.inline(app.port);
    const peer = it.connect();
    await used(it, 1);
    peer.send(request);
    await peer.until((text) => text.endsWith('fine'));
    await used(it, 0);
    assert.equal(it.gate.counters().requests, 1);
  });

  test('a silent connection to a web server is no use, whether it came before the first request or after', async (t) => {
    const app = await web(t);
    const it = await front(t);
    const early = it.connect();
    await demanded(it);
    it.inline(app.port);
    await used(it, 1);
    await it
      .connect()
      .send(request)
      .until((text) => text.endsWith('fine'));
    await used(it, 0);
    const late = it.connect();
    await aWhile();
    assert.equal(it.gate.usage().inFlight, 0);
    for (const reserve of [early, late]) {
      reserve.send(request);
      await reserve.until((text) => text.endsWith('fine'));
    }
    await used(it, 0);
  });

  for (const [name, bytes] of [
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x00\xf4\x01\x00\x00\xf0'],
    ['Redis', '*1\r\n$4\r\nPING\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.7\r\n'],
    ['RTSP', 'OPTIONS rtsp://demo/ RTSP/1.0\r\nCSeq: 1\r\n\r\n'],
    ['half a word', 'GE'],
  ] as const) {
    test(`${name} goes through as bytes, held and awake`, async (t) => {
      const app = await echo(t);
      const it = await front(t);
      const held = it.connect().send(bytes);
      await demanded(it);
      it.inline(app.port);
      await held.until((text) => text === bytes);
      await it
        .connect()
        .send(bytes)
        .until((text) => text === bytes);
      assert.equal(it.gate.counters().requests, 0);
      await used(it, 2);
    });
  }

  test('a request that comes byte by byte', async (t) => {
    const app = await web(t);
    const it = await front(t);
    const peer = it.connect();
    await demanded(it);
    await peer.trickle(request);
    it.inline(app.port);
    await peer.until((text) => text.endsWith('fine'));
    assert.equal(it.gate.counters().requests, 1);
  });

  test('half a word is a slow client’s where HTTP is spoken: no use, and a request once it is whole', async (t) => {
    const clock = new FakeClock();
    const app = await web(t);
    const it = await front(t, { clock });
    it.inline(app.port);
    await it
      .connect()
      .send(request)
      .until((text) => text.endsWith('fine'));
    const slow = it.connect().send(request.slice(0, 2));
    await aWhile();
    clock.advance(1000);
    assert.equal(it.gate.usage().inFlight, 0);
    await slow.send(request.slice(2)).until((text) => text.endsWith('fine'));
    assert.equal(it.gate.counters().requests, 2);
  });

  test('one who knocked and leaves is forgotten', async (t) => {
    const it = await front(t);
    const [a, b] = [it.connect(), it.connect()];
    await eventually(
      () => it.gate.usage().held === 2,
      () => 'not held',
    );
    a.end();
    b.reset();
    await eventually(
      () => it.gate.usage().held === 0,
      () => 'still held',
    );
    assert.equal(it.gate.counters().refused.left, 2);
  });

  test('a silent one who leaves while the app serves', async (t) => {
    const app = await web(t);
    const it = await front(t);
    it.inline(app.port);
    const peer = it.connect();
    await used(it, 1);
    peer.reset();
    await used(it, 0);
  });
});

const refuse = (it: Front) =>
  it.gate.route({
    mode: 'refuse',
    refusal: { state: 'failed', code: 'exited', message: 'It ended.', failure: null, retryAtMs: Infinity },
  });

describe('refused before it is known in which protocol', () => {
  for (const protocol of ['auto', 'http'] as const) {
    test(`${protocol}: HTTP is answered 503 with the reason`, async (t) => {
      const it = await front(t, { protocol });
      refuse(it);
      const peer = it.connect();
      await eventually(
        () => it.gate.counters().connections === 1,
        () => 'not accepted',
      );
      const text = await peer.send(request).until((received) => received.includes('exited'));
      assert.match(text, /^HTTP\/1\.1 503 /);
    });

    test(`${protocol}: one who knocked when the app was given up is answered 503`, async (t) => {
      const it = await front(t, { protocol });
      const peer = it.connect();
      await demanded(it);
      refuse(it);
      assert.match(await peer.send(request).until((text) => text.includes('exited')), /^HTTP\/1\.1 503 /);
    });

    test(`${protocol}: too many held`, async (t) => {
      const it = await front(t, { protocol, maxHeld: 1 });
      it.connect();
      await demanded(it);
      const peer = it.connect().send(request);
      assert.match(await peer.until((text) => text.includes('queue-full')), /^HTTP\/1\.1 503 /);
    });
  }

  test('bytes are closed at once, silence after a moment', async (t) => {
    const it = await front(t);
    refuse(it);
    await Promise.all([it.connect().send('*1\r\n').untilEnd(), it.connect().untilEnd()]);
  });
});

describe('no-wake rules', () => {
  const rule: NoWakeRule = {
    path: '/health',
    methods: null,
    userAgent: null,
    sources: null,
    answer: { status: 200, body: 'asleep', contentType: 'text/plain' },
  };
  const probe = request.replace('/page', '/health');

  test('the wake fires after the head, if no rule matches it', async (t) => {
    const app = await web(t);
    const it = await front(t, { noWake: [rule] });
    const prober = it.connect().send(probe);
    await prober.until((text) => text.endsWith('asleep'));
    assert.equal(it.watcher.demands.length, 0);
    const visitor = it.connect().send(request);
    await demanded(it);
    assert.equal(it.watcher.demands.at(0)?.path, '/page');
    it.inline(app.port);
    await visitor.until((text) => text.endsWith('fine'));
  });

  test('bytes that are no HTTP wake it; silence does not, but is served once others have woken it', async (t) => {
    const app = await greeter(t);
    const it = await front(t, { noWake: [rule] });
    const silent = it.connect();
    await aWhile();
    assert.deepEqual(it.watcher.demands, []);
    const bytes = it.connect().send('*1\r\n');
    await demanded(it);
    it.inline(app.port);
    await bytes.until((text) => text.endsWith('*1\r\n'));
    await silent.until((text) => text === '220 ready\r\n');
  });

  test('a probe of an app that is awake is answered by it, and is no use', async (t) => {
    const app = await web(t);
    const it = await front(t, { noWake: [rule] });
    it.inline(app.port);
    const prober = it.connect().send(probe);
    await prober.until((text) => text.endsWith('fine'));
    assert.equal(it.gate.usage().lastUseAtMs, null);
  });
});
