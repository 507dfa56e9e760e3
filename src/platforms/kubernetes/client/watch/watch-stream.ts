import type { Clock } from '../../../../ports/clock.ts';
import { errorOf, parseJson } from '../answer.ts';
import { Deadline } from '../deadline.ts';
import { errorOfStatus, KubeError } from '../errors.ts';
import type { WatchEvent } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import { isStatus } from '../status.ts';
import type { Transport } from '../transport.ts';
import { LineDecoder } from './line-decoder.ts';

/** From the request to the head of its answer, which the API server sends at once. */
const headMs = 30_000;

interface WatchRequest {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stallMs: number;
  readonly signal?: AbortSignal;
}

/** The events of one watch, in the order of the server. An ERROR event is thrown, as are cuts and silence. */
export async function* openWatch<T extends KubeObject>(request: WatchRequest): AsyncGenerator<WatchEvent<T>> {
  const { transport, clock, path, headers, stallMs } = request;
  const what = `watch ${path.split('?', 1)[0]}`;
  const deadline = new Deadline(clock, request.signal);
  deadline.set(headMs, `${what}: no answer`);
  try {
    deadline.signal.throwIfAborted();
    const { signal } = deadline;
    const response = await transport.send({
      method: 'GET',
      path,
      headers,
      body: null,
      lane: 'watch',
      signal,
    });
    if (response.status !== 200) throw await errorOf(what, response);
    const decoder = new LineDecoder();
    deadline.set(stallMs, `${what}: nothing was heard`);
    for await (const chunk of response.body) {
      deadline.set(stallMs, `${what}: nothing was heard`);
      for (const line of decoder.push(chunk)) yield eventOf<T>(what, line);
    }
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    deadline.end();
  }
}

const types = { ADDED: 'added', MODIFIED: 'changed', DELETED: 'removed' } as const;

function eventOf<T extends KubeObject>(what: string, line: string): WatchEvent<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field is looked at below
  const { type, object } = parseJson(what, line) as { type?: unknown; object?: unknown };
  if (type === 'ERROR' && isStatus(object)) throw errorOfStatus(what, object.code ?? 500, object, null);
  if (!isVersioned(object)) throw new KubeError('Malformed', `${what}: an event without an object`);
  if (type === 'BOOKMARK') return { type: 'bookmark', resourceVersion: object.metadata.resourceVersion };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    throw new KubeError('Malformed', `${what}: an event of an unknown type`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validates what it stores
  return { type: types[type], object: object as unknown as T };
}

function isVersioned(value: unknown): value is { readonly metadata: { readonly resourceVersion: string } } {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  const { metadata } = value;
  if (typeof metadata !== 'object' || metadata === null || !('resourceVersion' in metadata)) return false;
  return typeof metadata.resourceVersion === 'string';
}
