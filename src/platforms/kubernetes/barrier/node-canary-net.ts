import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { CanaryNet } from './canary-net.ts';

/** Longer than any greeting: whoever says more is not one of ours. */
const longestGreeting = 200;

/** The canary's places are listeners of this process, each on a port that the kernel picks. */
export class NodeCanaryNet implements CanaryNet {
  readonly #instance: string;
  readonly #host: string;
  readonly #places = new Map<number, Server>();
  /** Ports are picked anew for as long as it takes: a node may still lead to an old place by its number. */
  readonly #used = new Set<number>();

  /** `instance`: of this process alone. Another Drowse may have left a canary behind, and answer for it. */
  constructor(instance: string, host = '::') {
    this.#instance = instance;
    this.#host = host;
  }

  async open(generation: number): Promise<number> {
    for (;;) {
      const server = createServer((socket) => this.#greet(socket, generation));
      server.on('error', ignore);
      server.listen({ port: 0, host: this.#host });
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      if (this.#used.has(port)) {
        server.close();
        continue;
      }
      this.#used.add(port);
      this.#places.set(generation, server);
      return port;
    }
  }

  closeBefore(generation: number): void {
    for (const [each, server] of this.#places) {
      if (each >= generation) continue;
      server.close();
      this.#places.delete(each);
    }
  }

  async dial(host: string, port: number, timeoutMs: number): Promise<number | null> {
    const socket = connect({ host, port, signal: AbortSignal.timeout(timeoutMs) });
    socket.on('error', ignore);
    socket.setEncoding('latin1');
    let greeting = '';
    socket.on('data', (text: string) => {
      greeting += text;
      if (greeting.length > longestGreeting) socket.destroy();
    });
    await new Promise((resolve) => socket.once('close', resolve));
    const [instance, generation] = greeting.trim().split(' ');
    return instance === this.#instance && /^\d{1,15}$/u.test(generation ?? '') ? Number(generation) : null;
  }

  stop(): void {
    this.closeBefore(Infinity);
  }

  #greet(socket: Socket, generation: number): void {
    socket.on('error', ignore);
    socket.end(`${this.#instance} ${generation}\n`);
    socket.resume();
  }
}

function ignore(): void {}
