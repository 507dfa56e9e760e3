import { Agent, get } from 'node:http';
import { hostPort } from './network-places.ts';

/** One kept-alive connection. */
export class KeptAlive {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(address: string, port: number) {
    this.#url = `http://${hostPort(address, port)}/`;
  }

  ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      get(this.#url, { agent: this.#agent, timeout: 5_000 }, (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve(text));
        response.on('error', reject);
      }).on('error', reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Connects until somebody of this name has answered. */
export async function keptAliveTo(whom: RegExp, address: string, port: number): Promise<KeptAlive> {
  for (;;) {
    const connection = new KeptAlive(address, port);
    if (whom.test(await connection.ask())) return connection;
    connection.close();
  }
}
