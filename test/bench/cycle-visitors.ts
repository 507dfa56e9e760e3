import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** What became of one request or session. `left`: the client went away on purpose, so nothing is promised but "not twice". */
export interface Outcome {
  readonly id: string;
  readonly answered: boolean;
  readonly left: boolean;
  readonly detail: string;
}

export interface Visitors {
  /** Sends one random kind of visitor; does not wait for it. */
  readonly send: () => void;
  readonly settled: () => Promise<readonly Outcome[]>;
}

export interface VisitorOptions {
  readonly http: number;
  readonly tcp: number;
  readonly random: () => number;
}

export function createVisitors({ http, tcp, random }: VisitorOptions): Visitors {
  const pending: Promise<Outcome>[] = [];
  const kept = new Agent({ keepAlive: true, maxSockets: 4 });
  let serial = 0;
  const id = (): string => `/r/${(serial += 1)}`;
  const burst = (): void => {
    for (let left = 1 + Math.floor(random() * 20); left > 0; left -= 1)
      pending.push(ask(http, id(), new Agent()));
  };
  const kinds = [
    burst,
    (): void => void pending.push(ask(http, id(), kept), ask(http, id(), kept)),
    (): void =>
      void pending.push(ask(http, id(), kept, Buffer.alloc(1 + Math.floor(random() * 200_000), 'x'))),
    (): void => void pending.push(halfClose(tcp, id())),
    (): void => void pending.push(leave(http, id(), random() * 30)),
    (): void => void pending.push(leave(http, id(), random() * 30), ask(http, id(), kept)),
  ];
  return {
    send: () => kinds[Math.floor(random() * kinds.length)]?.(),
    settled: async () => {
      const outcomes = await Promise.all(pending);
      kept.destroy();
      return outcomes;
    },
  };
}

/** A GET, or a POST where there is a body. */
function ask(port: number, path: string, agent: Agent, body?: Buffer): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (answered: boolean, detail: string): void =>
      resolve({ id: path, answered, left: false, detail });
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request({ port, host: '127.0.0.1', path, agent, method }, (response) => {
      let answer = '';
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      response.on('error', (error) => end(false, error.message));
      response.on('end', () =>
        end(
          response.statusCode === 200 && answer === path,
          `status ${response.statusCode}, body ${answer.slice(0, 200)}`,
        ),
      );
    });
    sent.on('error', (error) => end(false, error.message));
    sent.end(body);
  });
}

/** Sends everything, closes its side, and expects the echo to the byte. */
function halfClose(port: number, id: string): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const end = (detail: string): void => resolve({ id, answered: text === id, left: false, detail });
    socket.end(id);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('end', () => end(`echo ${text}`));
    socket.on('error', (error) => end(error.message));
  });
}

function leave(port: number, path: string, afterMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    setTimeout(() => socket.destroy(), afterMs);
    socket.on('close', () => resolve({ id: path, answered: false, left: true, detail: 'left' }));
  });
}
