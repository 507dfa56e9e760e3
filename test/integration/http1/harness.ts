import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import net from 'node:net';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Visitor } from '../../../src/core/visitor.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { ColdStartTimes, GateEvents, Route } from '../../../src/ports/data-path.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { Gate } from '../../../src/traffic/gate.ts';
import { HoldBudget } from '../../../src/traffic/hold-budget.ts';
import type { HttpSettings } from '../../../src/traffic/http1/context.ts';
import { HttpContext } from '../../../src/traffic/http1/context.ts';
import { serveHttp } from '../../../src/traffic/http1/serve.ts';
import { type Reading, withSharedReading } from '../../../src/traffic/shared-reading.ts';
import { Sweep } from '../../../src/traffic/http1/sweep.ts';
import { eventually } from '../patience.ts';

export { eventually };

/** Turns of about a millisecond. */
const STILL_TURNS = 100;

/** Waits until a counter that has begun to rise has stood still for a while; returns where it stands. */
export async function standsStill(counter: () => number): Promise<number> {
  let seen = 0;
  let still = 0;
  const stands = (): boolean => {
    still = seen > 0 && counter() === seen ? still + 1 : 0;
    seen = counter();
    return still === STILL_TURNS;
  };
  await eventually(stands, () => `still rising: ${seen}`);
  return seen;
}

/** One end of a connection that remembers what it has received. */
export class Peer {
  readonly socket: Socket;
  received = '';
  ended = false;
  closed = false;
  failed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    socket.on('end', () => (this.ended = true));
    socket.on('error', () => (this.failed = true));
    socket.on('close', () => {
      this.ended = true;
      this.closed = true;
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  end(): this {
    this.socket.end();
    return this;
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  async until(holds: (received: string) => boolean): Promise<string> {
    await eventually(
      () => holds(this.received),
      () => `received ${JSON.stringify(this.received.slice(-2000))}, ended: ${this.ended}`,
    );
    return this.received;
  }

  /** All that came until the other end closed its side. */
  async untilEnd(): Promise<string> {
    await eventually(
      () => this.ended,
      () => `no end; received ${JSON.stringify(this.received.slice(-2000))}`,
    );
    return this.received;
  }

  /** Sends byte by byte, each in a packet of its own as far as the kernel allows. */
  async trickle(text: string): Promise<this> {
    for (const byte of text) {
      this.socket.write(byte, 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this;
  }
}

export async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

export function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}

/** A server of raw bytes: what it does with each connection is the test's. */
export async function rawApp(
  t: TestContext,
  serve: (peer: Peer) => void,
): Promise<{ port: number; peers: Peer[] }> {
  const peers: Peer[] = [];
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = new Peer(socket);
    peers.push(peer);
    serve(peer);
  });
  return { port: await listen(t, server), peers };
}

/** A port whose listener accepts nobody and whose backlog is full: a dial to it neither succeeds nor fails. */
export async function deafPort(t: TestContext): Promise<number> {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const worker = new Worker(code, { eval: true });
  t.after(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: 8 }, () =>
    net.connect({ port, host: '127.0.0.1' }).on('error', () => {}),
  );
  t.after(() => {
    for (const filler of fillers) filler.destroy();
  });
  await standsStill(() => fillers.filter((filler) => filler.readyState === 'open').length);
  assert.ok(
    fillers.some((filler) => filler.connecting),
    'the backlog is not full',
  );
  return port;
}

/** Answers each complete head that arrives with `answer(head, number)`. Bodies are not understood. */
export function answering(answer: (head: string, count: number) => string): (peer: Peer) => void {
  return (peer) => {
    let count = 0;
    let seen = 0;
    peer.socket.on('data', () => {
      for (;;) {
        const end = peer.received.indexOf('\r\n\r\n', seen);
        if (end === -1) return;
        const head = peer.received.slice(seen, end + 4);
        seen = end + 4;
        peer.send(answer(head, count++));
      }
    });
  };
}

export const ok = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

class Observer implements GateEvents {
  readonly demands: Visitor[] = [];
  readonly unreachables: string[] = [];
  readonly coldStarts: ColdStartTimes[] = [];
  demand(visitor: Visitor): void {
    this.demands.push(visitor);
  }
  quiet(): void {}
  vacated(): void {}
  unreachable(endpointId: string): void {
    this.unreachables.push(endpointId);
  }
  coldStart(times: ColdStartTimes): void {
    this.coldStarts.push(times);
  }
}

export interface Proxy {
  readonly port: number;
  readonly gate: Gate;
  readonly context: HttpContext;
  readonly observer: Observer;
  /** Forwards to this port of the loopback interface. */
  inline(...ports: number[]): void;
  hold(): void;
  connect(): Peer;
}

/** Every test of this folder and of `traffic` holds for either way; the other one is run with `DROWSE_PLAIN_SOCKETS=1`. */
export const reading: Reading = process.env['DROWSE_PLAIN_SOCKETS'] === '1' ? 'plain' : 'shared';

export interface ProxyOptions extends Partial<HttpSettings> {
  readonly clock?: Clock;
  readonly holdTimeoutMs?: number;
  readonly maxHeld?: number;
}

/** The HTTP data path behind a real listener and the real gate. Asleep until `inline`. */
export async function startProxy(t: TestContext, options: ProxyOptions = {}): Promise<Proxy> {
  const clock = options.clock ?? systemClock;
  const observer = new Observer();
  const { holdTimeoutMs = 60_000, maxHeld = 10_000 } = options;
  const gate = new Gate(
    { clock, observer, budget: new HoldBudget(10_000) },
    { maxHeld, holdTimeoutMs, maxConcurrency: null },
  );
  const context = new HttpContext({
    admission: gate,
    appName: 'demo',
    portName: 'main',
    clock,
    sweep: new Sweep(clock),
    isAwake: () => gate.awake,
    stateName: () => gate.state,
    forwardedProto: 'http',
    noWake: options.noWake ?? [],
    waitingPage: options.waitingPage ?? false,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const pauseOnConnect = reading === 'shared';
  const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect }, (socket) =>
    serveHttp(pauseOnConnect ? withSharedReading(socket) : socket, null, context),
  );
  const port = await listen(t, server);
  t.after(() => context.destroy());
  return {
    port,
    gate,
    context,
    observer,
    inline: (...ports) => gate.route(routeTo(ports)),
    hold: () => gate.route({ mode: 'hold' }),
    connect: () => new Peer(net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })),
  };
}

/** To an endpoint for each of these ports of this machine. */
export function routeTo(ports: readonly number[]): Route {
  return {
    mode: 'inline',
    endpoints: ports.map((at) => ({
      id: `e${at}`,
      addresses: [{ portName: 'main', host: '127.0.0.1', port: at }],
    })),
  };
}
