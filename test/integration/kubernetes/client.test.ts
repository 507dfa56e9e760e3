import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fixedToken, noCredentials } from '../../../src/platforms/kubernetes/client/access/credentials.ts';
import { connectKube, type KubeConnection } from '../../../src/platforms/kubernetes/client/connect.ts';
import { leases } from '../../../src/platforms/kubernetes/client/resources.ts';
import type { TlsMaterial } from '../../../src/platforms/kubernetes/client/undici-transport.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandom } from '../../../src/system/random.ts';
import { eventually } from '../patience.ts';
import { createAuthority } from './certificates.ts';
import { type Respond, startTlsServer, type TlsServer } from './tls-server.ts';

const key = { namespace: 'shop', name: 'one' };
const lease = JSON.stringify({ kind: 'Lease', metadata: { ...key, resourceVersion: '7' } });
const list = JSON.stringify({ kind: 'LeaseList', metadata: { resourceVersion: '7' }, items: null });
const event = `${JSON.stringify({ type: 'ADDED', object: { metadata: { ...key, resourceVersion: '8' } } })}\n`;
const watching = { resourceVersion: '7', timeoutSeconds: 300, stallMs: 60_000 };

async function serve(t: TestContext, respond: Respond): Promise<TlsServer> {
  const server = await startTlsServer(respond);
  t.after(async () => server.close());
  return server;
}

interface Ways {
  readonly server: string;
  readonly tls: () => Promise<TlsMaterial>;
  readonly token?: string;
}

async function connect(t: TestContext, { server, tls, token }: Ways): Promise<KubeConnection> {
  const credentials = token === undefined ? noCredentials : fixedToken(token);
  const connection = await connectKube({
    access: { server, tls, credentials, namespace: 'default' },
    clock: systemClock,
    random: systemRandom,
    fieldManager: 'drowse',
    userAgent: 'drowse/test',
  });
  t.after(async () => connection.close());
  return connection;
}

const answerLease: Respond = (_, response) => void response.end(lease);

test('calls share a connection; watches take none away', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (url.includes('watch=true')) response.write(event);
    else response.end(lease);
  });
  const { api } = await connect(t, { server: server.url, tls: async () => ({ ca: server.ca.cert }) });
  // Again where it does not hold: a connection that has been idle for seconds, on a machine that stood still, is closed.
  await eventually(
    async () => {
      const before = server.connections();
      for (let index = 0; index < 20; index += 1) await api.get(leases, key);
      // The next call may begin in the very turn in which the last one ended, when its connection is not free yet.
      return server.connections() <= before + 2;
    },
    () => 'twenty calls on two connections',
  );
  const open: AsyncIterator<unknown>[] = [];
  const watch = async (): Promise<void> => {
    const iterator = api.watch(leases, watching)[Symbol.asyncIterator]();
    await iterator.next();
    open.push(iterator);
  };
  await Promise.all(Array.from({ length: 40 }, watch));
  await eventually(
    async () => {
      await api.get(leases, key);
      const before = server.connections();
      await watch();
      const withWatch = server.connections();
      await api.get(leases, key);
      return withWatch === before + 1 && server.connections() === withWatch;
    },
    () => 'a call that has its connection still, after a watch has got its own',
  );
  await Promise.all(open.map(async (iterator) => iterator.return?.()));
});

test('a watch that is left closes its connection', async (t) => {
  const server = await serve(t, (_, response) => void response.write(event));
  const { api } = await connect(t, { server: server.url, tls: async () => ({ ca: server.ca.cert }) });
  for await (const one of api.watch(leases, watching)) {
    assert.equal(one.type, 'added');
    break;
  }
  const [socket] = server.sockets;
  if (socket !== undefined) await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  assert.equal(server.sockets.size, 0);
});

test('the token goes with each request, to the API server alone: redirects are not followed', async (t) => {
  const thief = await serve(t, answerLease);
  const server = await serve(t, (_, response) => {
    response.writeHead(307, { location: `${thief.url}/stolen` }).end();
  });
  const { api } = await connect(t, {
    server: server.url,
    tls: async () => ({ ca: `${server.ca.cert}${thief.ca.cert}` }),
    token: 'secret-token',
  });
  const calls = [
    api.get(leases, key),
    api.raw('GET', '/version'),
    api.patch(leases, key, { type: 'merge', body: {} }),
    (async () => {
      for await (const _ of api.watch(leases, watching)) assert.fail('nothing comes of it');
    })(),
  ];
  for (const call of calls) await assert.rejects(call, { code: 'Redirected' });
  assert.deepEqual(
    new Set(server.seen.map(({ authorization }) => authorization)),
    new Set(['Bearer secret-token']),
  );
  assert.equal(thief.connections(), 0);
});

test('no error shows the token', async (t) => {
  const server = await serve(t, (_, response) => void response.writeHead(403).end('forbidden'));
  const { api } = await connect(t, {
    server: server.url,
    tls: async () => ({ ca: server.ca.cert }),
    token: 'secret-token',
  });
  const error: unknown = await api.get(leases, key).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Error && !inspectDeep(error).includes('secret-token'));
  await server.close();
  const later: unknown = await api.get(leases, key).catch((thrown: unknown) => thrown);
  assert.ok(later instanceof Error && !inspectDeep(later).includes('secret-token'));
});

function inspectDeep(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${JSON.stringify(error)} ${error.stack} ${inspectDeep(error.cause)}`;
}

test('a server that another authority vouches for is not spoken to', async (t) => {
  const server = await serve(t, answerLease);
  const { api } = await connect(t, {
    server: server.url,
    tls: async () => ({ ca: createAuthority('other').cert }),
    token: 'secret-token',
  });
  await assert.rejects(api.get(leases, key), { code: 'Unreachable', mayHaveTakenEffect: false });
  assert.equal(server.seen.length, 0);
});

test('a client certificate is shown, and a rotated one with the next connection', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    response.writeHead(200, { connection: url.includes('first') ? 'close' : 'keep-alive' }).end(lease);
  });
  let name = 'first';
  const { api } = await connect(t, {
    server: server.url,
    tls: async () => ({ ca: server.ca.cert, ...server.ca.issue(name) }),
  });
  await api.get(leases, { ...key, name: 'first' });
  name = 'second';
  await api.get(leases, key);
  assert.deepEqual(
    server.seen.map(({ client }) => client),
    ['first', 'second'],
  );
});

test('the path of the server’s URL comes before that of the API', async (t) => {
  const server = await serve(t, (_, response) => void response.end(list));
  const tls = async (): Promise<TlsMaterial> => ({ ca: server.ca.cert });
  const { api } = await connect(t, { server: `${server.url}/k8s/clusters/c-1/`, tls });
  const page = await api.list(leases, { namespace: 'shop', limit: 5, labelSelector: 'a in (b, c)' });
  assert.deepEqual(page, { items: [], resourceVersion: '7', continueToken: null, remaining: null });
  assert.equal(
    server.seen[0]?.url,
    '/k8s/clusters/c-1/apis/coordination.k8s.io/v1/namespaces/shop/leases?limit=5&labelSelector=a%20in%20(b%2C%20c)',
  );
});

test('a connection that breaks after the request may have done the work; one that never was has not', async (t) => {
  const server = await serve(t, ({ url, socket }, response) => {
    if (url.endsWith('/midway')) response.write('{"metadata":');
    setImmediate(() => void socket.destroy());
  });
  const { api } = await connect(t, { server: server.url, tls: async () => ({ ca: server.ca.cert }) });
  for (const name of ['before', 'midway'])
    await assert.rejects(api.get(leases, { ...key, name }), {
      code: 'ConnectionLost',
      mayHaveTakenEffect: true,
    });
  await server.close();
  await assert.rejects(api.get(leases, key), { code: 'Unreachable', mayHaveTakenEffect: false });
});

test('what is no API server is told as such', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (url.includes('watch')) response.end('<html>\n');
    else response.end(url.includes('html') ? '<html>' : '{"kind":"Something"}');
  });
  const { api } = await connect(t, { server: server.url, tls: async () => ({ ca: server.ca.cert }) });
  await assert.rejects(api.get(leases, { ...key, name: 'html' }), { code: 'Malformed' });
  await assert.rejects(api.get(leases, key), { code: 'Malformed' });
  await assert.rejects(api.list(leases), { code: 'Malformed' });
  await assert.rejects(api.watch(leases, watching)[Symbol.asyncIterator]().next(), { code: 'Malformed' });
});

test('no answer within the deadline is no wait without end, and the connection is not used again', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (!url.endsWith('/silent')) response.end(lease);
  });
  const { api } = await connect(t, { server: server.url, tls: async () => ({ ca: server.ca.cert }) });
  // Connected before the deadline begins: how long that takes is not the question.
  await api.get(leases, key);
  const silent = api.get(leases, { ...key, name: 'silent' }, { deadlineMs: 50 });
  await assert.rejects(silent, { code: 'DeadlineExceeded', mayHaveTakenEffect: true });
  await api.get(leases, key);
  assert.equal(server.connections(), 2);
});

test('a token is not sent without encryption, but on loopback', async (t) => {
  const plain = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => void plain.listen(0, '127.0.0.1', resolve));
  t.after(() => void plain.close());
  const tls = async (): Promise<TlsMaterial> => ({});
  await assert.rejects(connect(t, { server: 'http://192.0.2.1:8080', tls, token: 'secret-token' }), {
    code: 'unsupported',
  });
  await connect(t, { server: 'http://127.0.0.1:8001', tls, token: 'secret-token' });
  await connect(t, { server: 'http://192.0.2.1:8080', tls });
});
