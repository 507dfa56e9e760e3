import type { KubeObject, ObjectKey, Page } from './object.ts';
import type { Patch } from './patch.ts';
import type { Resource } from './resource.ts';
import type { Method } from './transport.ts';

/**
 * The Kubernetes API. Every call rejects with a `KubeError`, whose code is stable; none is repeated behind the caller's back, but for two that are known to have had no effect: 401 (once, with
 * fresh credentials) and 429 (after `Retry-After`, while the deadline allows).
 */
export interface KubeApi {
  /** Quorum read, unless `resourceVersion` says otherwise. */
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: GetOptions): Promise<T>;
  /** One page. Quorum read, unless `resourceVersion` says otherwise. */
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<Page<T>>;
  /** With `metadata.generateName` the server completes the name. */
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Resolves when the server has taken the order: finalizers and grace may keep the object for long. */
  delete(resource: Resource<KubeObject>, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** What happens after `resourceVersion`, in order. Ends when the server ends it; throws when it is cut or silent. */
  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** For what has no types: `/version`, `/readyz`, discovery. Error statuses are answers here. */
  raw(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<RawAnswer>;
}

export interface CallOptions {
  /** From the call to the last byte of its answer, repetitions included. 30 s unless said otherwise. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface GetOptions extends CallOptions {
  /** `0`: whatever the API server has in its memory, which may be old. */
  readonly resourceVersion?: string;
}

export interface Selection {
  /** All namespaces, when left out. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends CallOptions, Selection {
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WriteOptions extends CallOptions {
  /** The server checks and answers, and keeps nothing. */
  readonly isDryRun?: boolean;
}

export interface DeleteOptions extends WriteOptions {
  /** Refused with `Conflict` when the object is another, or has changed. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** After which the server ends the watch in good order. */
  readonly timeoutSeconds: number;
  /** Without a byte for so long the watch is taken for dead. */
  readonly stallMs: number;
  readonly signal?: AbortSignal;
}

export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'added' | 'changed' | 'removed'; readonly object: T }
  /** Everything up to here has been told. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}
