import { errorOfStatus, KubeError } from './errors.ts';
import { isStatus, type Status } from './status.ts';
import type { KubeRequest, KubeResponse } from './transport.ts';

/** More than any answer of an API server that we ask for in pages. */
const largestAnswerBytes = 64 * 1024 * 1024;

export function named({ method, path }: Pick<KubeRequest, 'method' | 'path'>): string {
  const [bare] = path.split('?', 1);
  return `${method} ${bare}`;
}

export async function readText(what: string, { body }: KubeResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > largestAnswerBytes) throw new KubeError('Malformed', `${what}: the answer has no end`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

export function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeError('Malformed', `${what}: the answer is not JSON`, { cause: error });
  }
}

/** Reads the answer to its end. Never follows a redirect: our token is for the API server alone. */
export async function errorOf(what: string, response: KubeResponse): Promise<KubeError> {
  const text = await readText(what, response);
  const { status } = response;
  if (status >= 300 && status < 400)
    return new KubeError('Redirected', `${what}: ${status}, to another address; not followed`, { status });
  return errorOfStatus(what, status, parseStatus(text), response.header('retry-after'));
}

function parseStatus(text: string): Status | null {
  try {
    const value: unknown = JSON.parse(text);
    return isStatus(value) ? value : null;
  } catch {
    return null;
  }
}
