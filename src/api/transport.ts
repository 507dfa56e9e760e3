import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Problem } from './contract.ts';
import type { ClientOptions } from './client.ts';
import { errorCode } from './error-code.ts';

/** Drowse answered with problem details. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** No answer, or none of Drowse's: nothing listens there, the connection broke, or something else answered. `code` is stable. */
export class UnreachableError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnreachableError';
    this.code = code;
  }
}

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
/** Bounds what a stranger at this address can make us keep. */
const maxAnswerBytes = 64 * 1024 * 1024;

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

async function refusal(response: IncomingMessage, url: URL): Promise<Error> {
  const found = parseJson(await readText(response));
  if (isProblem(found)) return new ApiError(found);
  return new UnreachableError(
    'NOT_DROWSE',
    `${url.origin} answers ${response.statusCode}, but not like Drowse.`,
  );
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'status' in value
  );
}

async function readJson<T>(response: IncomingMessage): Promise<T> {
  const text = await readText(response);
  const isJson = (response.headers['content-type'] ?? '').includes('json');
  const parsed: T | undefined = isJson ? JSON.parse(text) : undefined;
  if (parsed === undefined) throw new UnreachableError('NOT_DROWSE', 'What answers there is not Drowse.');
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      const buffer: Buffer = chunk;
      bytes += buffer.length;
      if (bytes > maxAnswerBytes) throw new UnreachableError('TOO_LARGE', 'The answer is too large.');
      chunks.push(buffer);
    }
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    throw new UnreachableError(
      errorCode(error) ?? 'EUNKNOWN',
      'The connection broke in the middle of an answer.',
      error,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}
