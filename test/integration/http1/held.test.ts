import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Refusal } from '../../../src/ports/data-path.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import type { Proxy } from './harness.ts';
import { answering, eventually, ok, rawApp, standsStill, startProxy } from './harness.ts';

const get = (path: string, lines = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
const held = (proxy: Proxy, count: number): Promise<number> =>
  eventually(
    () => proxy.gate.usage().held === count,
    () => `${proxy.gate.usage().held} held, expected ${count}`,
  );

function refusal(retryAtMs: number): Refusal {
  const output = ['starting <b>', 'boom'];
  return {
    state: 'failed',
    code: 'exited',
    message: 'It ended with status 1.',
    failure: { code: 'exited', message: 'It ended with status 1.', output, permanent: false },
    retryAtMs,
  };
}

interface ErrorAnswer {
  readonly error: Readonly<Record<string, unknown>>;
}

function errorOf(answer: string): Readonly<Record<string, unknown>> {
  const parsed = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as ErrorAnswer;
  return parsed.error;
}

describe('asleep', () => {
  test('a request is held, wakes the app, says who it is, and is served after the wake', async (t) => {
    const app = await rawApp(
      t,
      answering(() => ok('awake now')),
    );
    const proxy = await startProxy(t);
    const client = proxy.connect().send(get('/first?x=1', 'User-Agent: probe/1\r\n'));
    await held(proxy, 1);
    assert.equal(app.peers.length, 0);
    const [visitor] = proxy.observer.demands;
    assert.deepEqual(
      { ...visitor, client: '', sinceMs: 0 },
      {
        client: '',
        protocol: 'http',
        port: 'main',
        method: 'GET',
        path: '/first',
        userAgent: 'probe/1',
        sinceMs: 0,
      },
    );
    assert.match(visitor?.client ?? '', /^127\.0\.0\.1:\d+$/);
    proxy.inline(app.port);
    await client.until((text) => text.endsWith('awake now'));
    assert.equal(proxy.observer.coldStarts.length, 1);
    assert.equal(proxy.gate.usage().held, 0);
  });

  test('a query is not told to anybody: it may hold a key', async (t) => {
    const proxy = await startProxy(t);
    proxy.connect().send(get('/page?key=s3cret'));
    await held(proxy, 1);
    assert.equal(proxy.observer.demands[0]?.path, '/page');
    assert.equal(JSON.stringify(proxy.gate.visitors(10)).includes('s3cret'), false);
  });

  test('a body and further requests that came meanwhile are kept', async (t) => {
    const app = await rawApp(
      t,
      answering((head) => ok(head.split(' ')[1] ?? '')),
    );
    const proxy = await startProxy(t);
    const first = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n';
    const client = proxy.connect().send(first);
    await held(proxy, 1);
    client.send('abcd').send(get('/b'));
    const sent = first.length + 4 + get('/b').length;
    await eventually(
      () => proxy.gate.counters.bytesIn === sent,
      () => `${proxy.gate.counters.bytesIn} bytes in`,
    );
    proxy.inline(app.port);
    await client.until((text) => text.endsWith('/b'));
    assert.match(app.peers[0]?.received ?? '', /\r\n\r\nabcdGET \/b /);
  });

  for (const how of ['FIN', 'RST'] as const) {
    test(`a client that leaves by ${how} while it waits is forgotten, and its request never sent`, async (t) => {
      const app = await rawApp(
        t,
        answering(() => ok('x')),
      );
      const proxy = await startProxy(t);
      const client = proxy.connect().send(get('/'));
      await held(proxy, 1);
      if (how === 'FIN') client.end();
      else client.reset();
      assert.ok((await held(proxy, 0)) < 1000);
      assert.equal(proxy.gate.counters.refused.left, 1);
      proxy.inline(app.port);
      await proxy
        .connect()
        .send(get('/other'))
        .until((text) => text.endsWith('x'));
      assert.equal(app.peers.length, 1);
      assert.equal(app.peers[0]?.received.startsWith('GET /other'), true);
    });
  }

  test('a client that leaves while its large body waits is forgotten', async (t) => {
    const proxy = await startProxy(t);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n');
    client.send('x'.repeat(20_000));
    await held(proxy, 1);
    client.reset();
    await held(proxy, 0);
  });

  test('of a large body that waits, little is read', async (t) => {
    const proxy = await startProxy(t);
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n');
    client.socket.write(Buffer.alloc(30_000_000));
    await held(proxy, 1);
    const read = await standsStill(() => proxy.gate.counters.bytesIn);
    assert.ok(read <= 2 * 64 * 1024, `${read} bytes in`);
  });

  test('many are held at once and all are served', async (t) => {
    const app = await rawApp(
      t,
      answering((head) => ok(head.split(' ')[1] ?? '')),
    );
    const proxy = await startProxy(t);
    const clients = Array.from({ length: 300 }, (_, number) => proxy.connect().send(get(`/n${number}`)));
    await held(proxy, 300);
    assert.equal(proxy.observer.demands.length, 1);
    proxy.inline(app.port);
    for (const [number, client] of clients.entries())
      await client.until((text) => text.endsWith(`/n${number}`));
  });
});

describe('refused', () => {
  test('503 with Retry-After, Drowse-State and a reason in JSON; the connection goes on', async (t) => {
    const app = await rawApp(
      t,
      answering(() => ok('again')),
    );
    const proxy = await startProxy(t);
    const refused = refusal(performance.now() + 30_000);
    proxy.gate.route({ mode: 'refuse', refusal: refused });
    const client = proxy.connect().send(get('/'));
    const answer = await client.until((text) => text.endsWith('}}\n'));
    assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(answer, /\r\nRetry-After: (29|30)\r\n/);
    assert.match(answer, /\r\nDrowse-State: failed\r\n/);
    assert.match(answer, /\r\nCache-Control: no-store\r\n/);
    assert.match(answer, /\r\nContent-Type: application\/json\r\n/);
    assert.deepEqual(
      { ...errorOf(answer), retryAfterSeconds: 30 },
      {
        code: 'exited',
        message: refused.message,
        app: 'demo',
        state: 'failed',
        retryAfterSeconds: 30,
        output: refused.failure?.output,
      },
    );
    client.received = '';
    client.send(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcHEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    await client.until((text) => text.split('HTTP/1.1 503').length === 3);
    assert.equal(client.received.endsWith('\r\n\r\n'), true, 'no body for HEAD');
    proxy.inline(app.port);
    await client.send(get('/')).until((text) => text.endsWith('again'));
  });

  test('with a body still to come the connection closes after the answer', async (t) => {
    const proxy = await startProxy(t);
    proxy.gate.route({ mode: 'refuse', refusal: refusal(performance.now() + 30_000) });
    const client = proxy.connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\nabc');
    const answer = await client.untilEnd();
    assert.match(answer, /^HTTP\/1\.1 503 /);
    assert.match(answer, /\r\nConnection: close\r\n/);
  });

  test('504 when the wake takes too long; 503 when the queue is full', async (t) => {
    const clock = new FakeClock();
    const proxy = await startProxy(t, { clock, holdTimeoutMs: 5000, maxHeld: 1 });
    const client = proxy.connect().send(get('/'));
    await held(proxy, 1);
    const second = proxy.connect().send(get('/'));
    const full = await second.until((text) => text.endsWith('}}\n'));
    assert.match(full, /^HTTP\/1\.1 503 /);
    assert.equal(errorOf(full)['code'], 'queue-full');
    clock.advance(5001);
    const late = await client.until((text) => text.endsWith('}}\n'));
    assert.match(late, /^HTTP\/1\.1 504 /);
    assert.equal(errorOf(late)['code'], 'hold-timeout');
    assert.equal(proxy.gate.usage().held, 0);
  });

  test('a client that sends requests without end and reads no answers is not answered without end', async (t) => {
    const proxy = await startProxy(t);
    proxy.gate.route({ mode: 'refuse', refusal: refusal(performance.now() + 30_000) });
    const client = proxy.connect();
    client.socket.pause();
    for (let burst = 0; burst < 500; burst++) client.socket.write(get('/').repeat(2000));
    const unread = await standsStill(() => proxy.gate.counters.bytesOut);
    assert.ok(unread < 16 << 20, `${unread} bytes are waiting to be read`);
  });
});

describe('no-wake rules', () => {
  const answer = { status: 200, body: 'sleeping\n', contentType: 'text/plain' };
  const rule = { path: null, methods: null, userAgent: null, sources: null, answer };

  test('answered while asleep without a wake; passed on while awake without counting', async (t) => {
    const app = await rawApp(t, (peer) => peer.socket.on('data', () => {}));
    const proxy = await startProxy(t, { noWake: [{ ...rule, path: '/health*', methods: ['GET', 'HEAD'] }] });
    const client = proxy.connect().send(get('/healthz?full'));
    const asleep = await client.until((text) => text.endsWith('sleeping\n'));
    assert.match(asleep, /^HTTP\/1\.1 200 OK\r\n/);
    assert.deepEqual(
      [proxy.observer.demands.length, proxy.gate.counters.noWake, proxy.gate.usage().held],
      [0, 1, 0],
    );
    client.received = '';
    await client.send('HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n').until((text) => text.endsWith('\r\n\r\n'));
    proxy.inline(app.port);
    client.received = '';
    client.send(get('/health'));
    await eventually(
      () => app.peers[0]?.received.startsWith('GET /health') ?? false,
      () => 'not passed on',
    );
    assert.equal(proxy.gate.usage().inFlight, 0);
    app.peers[0]?.send(ok('up'));
    await client.until((text) => text.endsWith('up'));
    assert.equal(proxy.gate.usage().lastUseAtMs, null);
    proxy.hold();
    client.send('POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    await held(proxy, 1);
  });

  test('whatever keeps the app from serving, a probe is answered at once and is no demand', async (t) => {
    const proxy = await startProxy(t, { noWake: [{ ...rule, path: '/health' }] });
    const probed = async (state: string): Promise<void> => {
      const client = proxy.connect().send(get('/health'));
      const answered = await client.until((text) => text.endsWith('sleeping\n'));
      assert.match(answered, /^HTTP\/1\.1 200 /);
      assert.equal(/\r\nDrowse-State: (\w+)\r\n/.exec(answered)?.[1], state);
    };
    await probed('asleep');
    const visitor = proxy.connect().send(get('/'));
    await held(proxy, 1);
    await probed('waking'); // while it wakes for somebody else
    visitor.reset();
    await held(proxy, 0);
    proxy.gate.route({ mode: 'refuse', refusal: refusal(Infinity) });
    await probed('failed'); // while it cannot be woken
    proxy.gate.route({ mode: 'refuse', refusal: refusal(performance.now() - 1) });
    await probed('failed'); // when it may be woken again
    proxy.inline();
    await probed('asleep'); // while nothing of it serves
    assert.equal(proxy.observer.demands.length, 1);
    assert.deepEqual(
      [proxy.gate.usage().held, proxy.gate.counters.noWake, proxy.gate.usage().lastUseAtMs],
      [0, 5, null],
    );
  });

  test('by user agent and by network, the client’s address in IPv6 form too', async (t) => {
    const proxy = await startProxy(t, {
      noWake: [
        { ...rule, userAgent: 'BOT', sources: ['127.0.0.0/8'] },
        { ...rule, userAgent: 'probe', sources: ['10.0.0.0/8', '::1/128'] },
      ],
    });
    await proxy
      .connect()
      .send(get('/', 'user-agent: some robot/1\r\n'))
      .until((text) => text.endsWith('sleeping\n'));
    proxy.connect().send(get('/', 'User-Agent: probe\r\n'));
    await held(proxy, 1);
    proxy.connect().send(get('/'));
    await held(proxy, 2);
  });
});

describe('the waiting page', () => {
  const browser = 'Accept: text/html,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\n';

  test('a navigation gets it at once, and the app is woken', async (t) => {
    const app = await rawApp(
      t,
      answering(() => ok('<h1>here</h1>')),
    );
    const proxy = await startProxy(t, { waitingPage: true });
    const client = proxy.connect().send(get('/', browser));
    const page = await client.until((text) => text.endsWith('</html>\n'));
    assert.match(page, /^HTTP\/1\.1 503 /);
    assert.match(page, /\r\nRefresh: 2\r\n/);
    assert.match(page, /\r\nDrowse-State: waking\r\n/);
    assert.match(page, /\r\nCache-Control: no-store\r\n/);
    assert.match(page, /\r\nContent-Type: text\/html; charset=utf-8\r\n/);
    assert.match(page, /<meta http-equiv="refresh" content="2">/);
    assert.equal(page.includes('<script'), false);
    assert.equal(proxy.observer.demands.length, 1);
    assert.deepEqual([proxy.gate.usage().held, proxy.gate.counters.refused.left], [0, 0]);
    proxy.inline(app.port);
    await client.send(get('/', browser)).until((text) => text.endsWith('<h1>here</h1>'));
  });

  test('each page asks for the wake again', async (t) => {
    const proxy = await startProxy(t, { waitingPage: true });
    for (let count = 1; count <= 3; count++) {
      await proxy
        .connect()
        .send(get('/', browser))
        .until((text) => text.endsWith('</html>\n'));
      assert.equal(proxy.observer.demands.length, count);
    }
  });

  test('it says why the wake failed, with what the app wrote made harmless', async (t) => {
    const proxy = await startProxy(t, { waitingPage: true });
    proxy.gate.route({ mode: 'refuse', refusal: refusal(performance.now() + 30_000) });
    const page = await proxy
      .connect()
      .send(get('/', browser))
      .until((text) => text.endsWith('</html>\n'));
    assert.match(page, /It ended with status 1\./);
    assert.match(page, /starting &lt;b&gt;\nboom/);
    assert.match(page, /\r\nDrowse-State: failed\r\n/);
  });

  test('what is no navigation is held', async (t) => {
    const proxy = await startProxy(t, { waitingPage: true });
    const others = [
      get('/', 'Accept: text/html\r\nSec-Fetch-Mode: cors\r\n'),
      get('/', 'Accept: application/json\r\n'),
      get('/'),
      'POST / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: 0\r\n\r\n',
    ];
    for (const [index, request] of others.entries()) {
      proxy.connect().send(request);
      await held(proxy, index + 1);
    }
  });
});
