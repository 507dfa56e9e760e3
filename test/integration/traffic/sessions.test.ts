import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { front, listen, Peer, type Front } from './harness.ts';

/**
 * Random sessions: pieces of random sizes from both ends, at random points ended by either side, held or not. Each end must receive exactly what the other has
 * sent, and see its end.
 */
interface Session {
  readonly fromClient: readonly number[];
  readonly fromServer: readonly number[];
  /** Whether the server waits for the client's end before it sends. */
  readonly serverWaits: boolean;
  readonly held: boolean;
}

const piece = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 200_000 }));
const session: fc.Arbitrary<Session> = fc.record({
  fromClient: fc.array(piece, { minLength: 1, maxLength: 5 }),
  fromServer: fc.array(piece, { maxLength: 5 }),
  serverWaits: fc.boolean(),
  held: fc.boolean(),
});

/** Bytes that tell where in the stream they belong; none of them looks like HTTP. */
function content(pieces: readonly number[], salt: number): Buffer[] {
  let at = salt;
  return pieces.map((length) => Buffer.from(Uint8Array.from({ length }, () => 128 + ((at += 7) % 127))));
}

async function send(peer: Peer, pieces: readonly Buffer[]): Promise<void> {
  for (const bytes of pieces) {
    peer.socket.write(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  peer.end();
}

const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('latin1');

test('random sessions are byte-exact, with half-closes, held and awake', async (t) => {
  let current: { readonly session: Session; readonly served: (peer: Peer) => void } | null = null;
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = new Peer(socket);
    if (current === null) return;
    const answer = content(current.session.fromServer, 3);
    if (current.session.serverWaits) socket.on('end', () => void send(peer, answer));
    else void send(peer, answer);
    current.served(peer);
  });
  const appPort = await listen(t, server);
  const fronts = await Promise.all([front(t, { protocol: 'tcp' }), front(t, { protocol: 'auto' })]);

  const run = async (it: Front, one: Session): Promise<void> => {
    const served = new Promise<Peer>((resolve) => {
      current = { session: one, served: resolve };
    });
    if (one.held) it.gate.route({ mode: 'hold' });
    else it.inline(appPort);
    const client = it.connect();
    const sent = content(one.fromClient, 5);
    const sending = send(client, sent);
    if (one.held) {
      await sending;
      it.inline(appPort);
    }
    const peer = await served;
    assert.equal(await client.untilEnd(), text(content(one.fromServer, 3)));
    assert.equal(await peer.untilEnd(), text(sent));
  };

  await fc.assert(
    fc.asyncProperty(session, fc.constantFrom(...fronts), (one, it) => run(it, one)),
    { numRuns: 60, endOnFailure: true },
  );
  for (const { gate } of fronts) assert.equal(gate.usage().held, 0);
});
