import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { ownSocket } from '../../../src/traffic/http1/client-socket.ts';
import { withSharedReading } from '../../../src/traffic/shared-reading.ts';
import { eventually } from '../patience.ts';

interface Pair {
  readonly server: net.Server;
  readonly client: net.Socket;
  readonly accepted: net.Socket;
  readonly received: Buffer[];
}

/** A client, and its connection as the listener gets it, collecting what it is given. */
async function pair(t: TestContext, paused = false): Promise<Pair> {
  const received: Buffer[] = [];
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [shell] = (await once(server, 'connection')) as [net.Socket];
  const accepted = withSharedReading(shell);
  ownSocket(accepted, {
    onData: (bytes) => void received.push(bytes),
    onEnd: () => accepted.end(),
    onClose: () => undefined,
  });
  if (paused) accepted.pause();
  t.after(() => [client, accepted].forEach((socket) => socket.destroy()));
  t.after(() => server.close());
  return { server, client, accepted, received };
}

async function until(condition: () => boolean): Promise<void> {
  await eventually(condition, () => 'what was sent');
}

/** Takes from all handles of TCP connections the method by which they are told where to read to. */
function withoutUserBuffers(t: TestContext, { _handle: handle }: { _handle?: object }): void {
  let owner: object | null = handle ?? null;
  while (owner !== null && !Object.hasOwn(owner, 'useUserBuffer')) owner = Reflect.getPrototypeOf(owner);
  assert.ok(owner !== null);
  const from = owner;
  const method = Object.getOwnPropertyDescriptor(from, 'useUserBuffer');
  assert.ok(method !== undefined && Reflect.deleteProperty(from, 'useUserBuffer'));
  t.after(() => Object.defineProperty(from, 'useUserBuffer', method));
}

void describe('connections that are read into one buffer', () => {
  test('what one has sent is not overwritten by what another sends', async (t) => {
    const [one, other] = [await pair(t), await pair(t)];
    one.client.write('first of one');
    await until(() => one.received.length > 0);
    other.client.write('FIRST OF ANOTHER, and longer');
    await until(() => other.received.length > 0);
    assert.equal(Buffer.concat(one.received).toString(), 'first of one');
  });

  test('nothing is read of one that is paused, and all of it once it goes on', async (t) => {
    const { client, accepted, received } = await pair(t, true);
    client.write('patience');
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(received.length, 0);
    accepted.resume();
    await until(() => Buffer.concat(received).toString() === 'patience');
  });

  test('the end of one is heard, and the server can close while others go on', async (t) => {
    const { server, client, received } = await pair(t);
    const closed = once(server, 'close');
    server.close();
    await closed;
    client.end('last words');
    client.resume();
    await once(client, 'end', { signal: t.signal });
    assert.equal(Buffer.concat(received).toString(), 'last words');
  });

  test('a Node whose handles cannot do it reads in the usual way', async (t) => {
    const known = await pair(t);
    withoutUserBuffers(t, known.accepted as { _handle?: object });
    const { client, received } = await pair(t);
    client.write('as ever');
    await until(() => Buffer.concat(received).toString() === 'as ever');
  });
});
