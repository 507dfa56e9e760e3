import { named, parseJson } from './answer.ts';
import { Caller, type CallerDeps } from './caller.ts';
import { KubeError } from './errors.ts';
import type {
  CallOptions,
  DeleteOptions,
  GetOptions,
  KubeApi,
  ListOptions,
  RawAnswer,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './kube-api.ts';
import { keyOf, type KubeObject, type ObjectKey, type Page } from './object.ts';
import { type Patch, patchBody, patchContentTypes } from './patch.ts';
import { query } from './query.ts';
import { apiVersionOf, collectionPath, objectPath, type Resource } from './resource.ts';
import type { Method } from './transport.ts';
import { openWatch } from './watch/watch-stream.ts';

export interface KubeClientOptions extends CallerDeps {
  /** Who we are in `metadata.managedFields`. */
  readonly fieldManager: string;
  readonly userAgent: string;
}

/** `KubeApi` over any transport. */
export class KubeClient implements KubeApi {
  private readonly options: KubeClientOptions;
  private readonly caller: Caller;

  constructor(options: KubeClientOptions) {
    this.options = options;
    this.caller = new Caller(options);
  }

  async get<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options: GetOptions = {},
  ): Promise<T> {
    const { resourceVersion } = options;
    return this.object('GET', `${objectPath(resource, key)}${query({ resourceVersion })}`, null, options);
  }

  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<Page<T>> {
    const { namespace, continueToken, deadlineMs: _, signal: __, ...selection } = options;
    const path = `${collectionPath(resource, namespace)}${query({ ...selection, continue: continueToken })}`;
    return pageOf<T>(`GET ${path}`, await this.json('GET', path, null, options));
  }

  async create<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const body = JSON.stringify({ apiVersion: apiVersionOf(resource), kind: resource.kind, ...object });
    const at =
      resource.subresource === ''
        ? collectionPath(resource, object.metadata.namespace)
        : objectPath(resource, keyOf(object));
    return this.object('POST', `${at}${this.writeQuery(options)}`, body, options);
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<T> {
    const force = patch.type === 'apply' ? patch.isForced : undefined;
    const path = `${objectPath(resource, key)}${this.writeQuery(options, { force })}`;
    return this.object('PATCH', path, patchBody(patch), options, patchContentTypes[patch.type]);
  }

  async delete(resource: Resource<KubeObject>, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const { preconditions, propagation, gracePeriodSeconds, isDryRun } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions,
      propagationPolicy: propagation,
      gracePeriodSeconds,
      dryRun: isDryRun === true ? ['All'] : undefined,
    };
    await this.json('DELETE', objectPath(resource, key), JSON.stringify(body), options);
  }

  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
    const asked = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
    const path = `${collectionPath(resource, namespace)}${query({ ...asked, watch: true, allowWatchBookmarks: true })}`;
    return openWatch<T>({ ...this.options, ...options, path, headers: this.headers() });
  }

  async raw(method: Method, path: string, body?: unknown, options: CallOptions = {}): Promise<RawAnswer> {
    const text = body === undefined ? null : JSON.stringify(body);
    const headers = this.headers(text === null ? undefined : 'application/json');
    return this.caller.raw({ method, path, headers, body: text }, options);
  }

  private async object<T extends KubeObject>(
    method: Method,
    path: string,
    body: string | null,
    options: CallOptions,
    contentType?: string,
  ): Promise<T> {
    const value = await this.json(method, path, body, options, contentType);
    if (!isRecord(value) || !isRecord(value['metadata']))
      throw new KubeError('Malformed', `${named({ method, path })}: the answer is no object of the API`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validates what it stores; the descriptor says which type it stores at this path
    return value as unknown as T;
  }

  private async json(
    method: Method,
    path: string,
    body: string | null,
    options: CallOptions,
    contentType = 'application/json',
  ): Promise<unknown> {
    const headers = this.headers(body === null ? undefined : contentType);
    const text = await this.caller.call({ method, path, headers, body }, options);
    return parseJson(named({ method, path }), text);
  }

  private writeQuery(
    { isDryRun }: WriteOptions,
    more: { readonly force?: boolean | undefined } = {},
  ): string {
    const { fieldManager } = this.options;
    return query({ fieldManager, dryRun: isDryRun === true ? 'All' : undefined, ...more });
  }

  private headers(contentType?: string): Readonly<Record<string, string>> {
    const headers = { accept: 'application/json', 'user-agent': this.options.userAgent };
    return contentType === undefined ? headers : { ...headers, 'content-type': contentType };
  }
}

function pageOf<T extends KubeObject>(what: string, value: unknown): Page<T> {
  const metadata = isRecord(value) && isRecord(value['metadata']) ? value['metadata'] : null;
  if (!isRecord(value) || metadata === null || typeof metadata['resourceVersion'] !== 'string')
    throw new KubeError('Malformed', `${what}: the answer is no list of the API`);
  const { continue: token, remainingItemCount, resourceVersion } = metadata;
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as in `object`; an empty list may be answered as null
    items: (value['items'] ?? []) as readonly T[],
    resourceVersion,
    continueToken: typeof token === 'string' && token !== '' ? token : null,
    remaining: typeof remainingItemCount === 'number' ? remainingItemCount : null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
