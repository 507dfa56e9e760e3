import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import type { Peer, Proxy } from './harness.ts';
import { eventually, rawApp, startProxy } from './harness.ts';

const CLIENTS = 120;
const REQUESTS_EACH = 6;

/** A small generator (mulberry32), so that a failing run can be repeated from its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Sent {
  readonly id: string;
  readonly idempotent: boolean;
  readonly text: string;
}

function someRequest(id: string, random: (below: number) => number): Sent {
  const body = 'x'.repeat(random(3) * random(20_000));
  const head = `/${id} HTTP/1.1\r\nHost: a\r\n`;
  const kind = random(4);
  if (kind === 0)
    return { id, idempotent: false, text: `POST ${head}Content-Length: ${body.length}\r\n\r\n${body}` };
  if (kind === 1 && body !== '') {
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    return { id, idempotent: false, text: `POST ${head}Transfer-Encoding: chunked\r\n\r\n${chunks}` };
  }
  return { id, idempotent: true, text: `GET ${head}\r\n` };
}

/** Answers each request that is complete with its own name, and now and then closes the connection once it is idle. */
function namingApp(delivered: Map<string, number>, random: (below: number) => number): (peer: Peer) => void {
  return (peer) => {
    peer.socket.on('data', () => {
      for (let rest = takeRequest(peer); rest !== null; rest = takeRequest(peer)) {
        delivered.set(rest, (delivered.get(rest) ?? 0) + 1);
        const answer = `${rest};${'y'.repeat(random(2) * random(40_000))}`;
        const head =
          random(2) === 0 ? `Content-Length: ${answer.length}\r\n\r\n${answer}` : chunkedAnswer(answer);
        peer.send(`HTTP/1.1 200 OK\r\n${head}`);
        if (random(8) === 0) peer.end();
      }
    });
  };
}

function chunkedAnswer(text: string): string {
  return `Transfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}

/** Takes one whole request from what the app has received; its name, or `null`. */
function takeRequest(peer: Peer): string | null {
  const headEnd = peer.received.indexOf('\r\n\r\n') + 4;
  if (headEnd < 4) return null;
  const head = peer.received.slice(0, headEnd);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const chunkedEnd = peer.received.indexOf('0\r\n\r\n', headEnd) + 5;
  const end = /chunked/.test(head) ? chunkedEnd : headEnd + length;
  if (end < headEnd || peer.received.length < end) return null;
  peer.received = peer.received.slice(end);
  return /^\w+ \/(\S+) /.exec(head)?.[1] ?? 'unreadable';
}

async function visit(
  proxy: Proxy,
  name: number,
  random: (below: number) => number,
  sent: Map<string, Sent>,
): Promise<void> {
  const client = proxy.connect();
  const requests = Array.from({ length: 1 + random(REQUESTS_EACH) }, (_, at) =>
    someRequest(`c${name}-${at}`, random),
  );
  for (const request of requests) sent.set(request.id, request);
  const pipelines = random(3) === 0;
  const leaves = random(5) === 0;
  for (const [at, request] of requests.entries()) {
    await sendInPieces(client, request.text, random);
    if (leaves && at === requests.length - 1) {
      await new Promise((resolve) => setTimeout(resolve, random(10)));
      return client.reset();
    }
    if (!pipelines && (await answers(client, requests.slice(0, at + 1))) === 'over') return;
  }
  await answers(client, requests);
}

async function sendInPieces(client: Peer, text: string, random: (below: number) => number): Promise<void> {
  for (let from = 0; from < text.length;) {
    const to = from + 1 + random(9000);
    client.send(text.slice(from, to));
    if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
    from = to;
  }
}

/**
 * Waits until each of these has been answered by its name, in order. A request that must not be repeated may have met a connection that the app was just
 * closing: that is a 502, and `over` when the client was told that its connection ends with it.
 */
async function answers(client: Peer, requests: readonly Sent[]): Promise<'on' | 'over'> {
  const isOver = (): boolean => client.ended && client.received.includes('\r\nConnection: close\r\n');
  await client.until((text) => isOver() || text.split('HTTP/1.1 ').length - 1 >= requests.length);
  const found = [...client.received.matchAll(/\r\n\r\n(?:[0-9a-f]+\r\n)?(c\d+-\d+);|HTTP\/1\.1 (50\d) /g)];
  const names = found.map((match) => match[1] ?? match[2]);
  for (const [at, name] of names.entries()) {
    if (name === '502') assert.equal(requests[at]?.idempotent, false);
    else assert.equal(name, requests[at]?.id);
  }
  if (!isOver()) return 'on';
  assert.equal(names.at(-1), '502');
  return 'over';
}

test('whatever clients and the app do: everybody who stays is answered in order, and nothing is delivered twice', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const delivered = new Map<string, number>();
  const sent = new Map<string, Sent>();
  const app = await rawApp(t, namingApp(delivered, random));
  const proxy = await startProxy(t);
  const visits = { over: false };
  const flips = (async () => {
    while (!visits.over) {
      if (random(2) === 0) proxy.hold();
      else proxy.inline(app.port);
      await new Promise((resolve) => setTimeout(resolve, random(8)));
    }
    proxy.inline(app.port);
  })();
  try {
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, name) => {
        await new Promise((resolve) => setTimeout(resolve, random(400)));
        await visit(proxy, name, random, sent);
      }),
    );
  } finally {
    visits.over = true;
  }
  await flips;
  for (const [id, times] of delivered) {
    const request = sent.get(id);
    assert.ok(request, `${id} was never sent`);
    if (!request.idempotent) assert.equal(times, 1, `${id} was delivered ${times} times`);
  }
  const repeated = [...delivered.values()].reduce((sum, times) => sum + times - 1, 0);
  assert.ok(repeated <= proxy.gate.counters.retries, `${repeated} repetitions`);
  await eventually(
    () => proxy.gate.usage().inFlight === 0 && proxy.gate.usage().held === 0,
    () => JSON.stringify(proxy.gate.usage()),
  );
});
