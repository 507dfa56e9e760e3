import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { ClientOptions } from './client.ts';
import { readJson, refusal } from './answers.ts';
import { UnreachableError } from './client-errors.ts';
import { errorCode } from './error-code.ts';

/** Requests and answers over `node:http`, which starts faster than `fetch`. */
export interface Transport {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object, waitMs: number): Promise<T>;
  /** Resolves to an answer that goes on. */
  stream(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage>;
}

const defaultTimeoutMs = 10_000;
export function createTransport(options: ClientOptions): Transport {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const send = (method: string, path: string, extra: Sent) =>
    exchange(new URL(path, options.url), method, headersOf(options), extra);
  return {
    get: async (path) => readJson(await send('GET', path, { timeoutMs })),
    post: async (path, body, waitMs) =>
      readJson(await send('POST', path, { timeoutMs: timeoutMs + waitMs, body: JSON.stringify(body) })),
    stream: async (path, headers, signal) => {
      const response = await send('GET', path, {
        timeoutMs,
        headers,
        ...(signal === undefined ? {} : { signal }),
      });
      response.socket.setTimeout(0);
      return response;
    },
  };
}

interface Sent {
  readonly timeoutMs: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function headersOf(options: ClientOptions): Record<string, string> {
  return {
    accept: 'application/json',
    ...(options.token === null ? {} : { authorization: `Bearer ${options.token}` }),
    ...(options.operator === undefined
      ? {}
      : { 'drowse-operator': options.operator.replaceAll(/[^\x20-\x7e]/g, '?') }),
  };
}

async function exchange(
  url: URL,
  method: string,
  headers: Record<string, string>,
  sent: Sent,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { body, signal } = sent;
  const requestOptions: RequestOptions = {
    method,
    agent: false,
    headers: {
      ...headers,
      ...sent.headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(signal === undefined ? {} : { signal }),
  };
  const outgoing = request(url, requestOptions, resolve);
  outgoing.setTimeout(sent.timeoutMs, () => {
    outgoing.destroy(
      new UnreachableError('ETIMEDOUT', `${url.origin} did not answer within ${sent.timeoutMs / 1000} s.`),
    );
  });
  outgoing.on('error', (error) => reject(unreachable(error, url)));
  outgoing.end(body);
  const response = await promise;
  if ((response.statusCode ?? 0) >= 400) throw await refusal(response, url);
  return response;
}

function unreachable(error: unknown, url: URL): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const code = errorCode(error) ?? 'EUNKNOWN';
  const reason =
    code === 'ECONNREFUSED' ? 'nothing listens there' : error instanceof Error ? error.message : code;
  return new UnreachableError(code, `No answer from ${url.origin}: ${reason}.`, error);
}
