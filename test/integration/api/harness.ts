import { request } from 'node:http';
import type { TestContext } from 'node:test';
import { createClient, type Client } from '../../../src/api/client.ts';
import type { ApiDeps } from '../../../src/api/deps.ts';
import { createApiServer, type ApiServer } from '../../../src/api/server.ts';
import type { LogFields } from '../../../src/ports/logger.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { FakeControl } from './fake-control.ts';

export const token = 'the-token-of-this-test';

const quiet = (): void => undefined;

export interface Room {
  readonly control: FakeControl;
  readonly server: ApiServer;
  readonly url: string;
  readonly client: Client;
  readonly errors: { readonly fields: LogFields; readonly message: string }[];
}

/** The real server at a port of the operating system's choice, in front of apps that only pretend. */
export async function startApi(context: TestContext, changes: Partial<ApiDeps> = {}): Promise<Room> {
  const control = new FakeControl();
  const errors: Room['errors'] = [];
  const server = createApiServer({
    control,
    clock: systemClock,
    logger: {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (fields, message) => errors.push({ fields, message }),
    },
    token,
    about: {
      version: '1.2.3',
      node: process.version,
      pid: process.pid,
      instance: 'abc123',
      startedAtWallMs: Date.UTC(2026, 0, 1),
      configPath: '/srv/drowse.yaml',
    },
    doctor: async () => [],
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    isEnding: () => false,
    ...changes,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  context.after(() => server.close());
  return { control, server, url, errors, client: createClient({ url, token, operator: 'tester' }) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default: the right token. */
  readonly authorization?: string | null;
}

/** One plain request, without the typed client. */
export async function ask(url: string, path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', body, authorization = `Bearer ${token}` } = question;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = { ...(authorization === null ? {} : { authorization }), ...question.headers };
  const outgoing = request(new URL(url).origin + path, { method, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
    );
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return await promise;
}
