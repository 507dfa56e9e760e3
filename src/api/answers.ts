import type { IncomingMessage } from 'node:http';
import { ApiError, UnreachableError } from './client-errors.ts';
import type { Problem } from './contract.ts';
import { errorCode } from './error-code.ts';

/** Bounds what a stranger at this address can make us keep. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** The error that an answer of 400 and above stands for. */
export async function refusal(response: IncomingMessage, url: URL): Promise<Error> {
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

/** The answer as the contract has it. Rejects with `UnreachableError` where it is none of Drowse's. */
export async function readJson<T>(response: IncomingMessage): Promise<T> {
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
