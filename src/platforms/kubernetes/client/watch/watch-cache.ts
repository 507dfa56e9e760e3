import type { Clock } from '../../../../ports/clock.ts';
import type { Logger } from '../../../../ports/logger.ts';
import type { Random } from '../../../../ports/random.ts';
import { pause } from '../deadline.ts';
import { asKubeError, KubeError } from '../errors.ts';
import type { KubeApi, Selection, WatchEvent } from '../kube-api.ts';
import type { KubeObject, ObjectKey } from '../object.ts';
import { type Resource, resourceName } from '../resource.ts';
import { compareResourceVersions } from '../resource-version.ts';
import { BackOff } from './back-off.ts';
import { CachedObjects, type CacheHandlers } from './cached-objects.ts';
import { isGone, listAll } from './list-all.ts';

/** Servers end watches themselves after this long, each after another time, so that they spread over the servers again after one of them was away. */
const shortestWatchSeconds = 300;
const longestWatchSeconds = 600;
/** The API server sends a bookmark about every minute (a peer that is dead is noticed by TCP long before: see undici-transport.ts). Where it has none to send, a watch that is opened again from the same place costs little. */
const stallMs = 90_000;
/** A watch that lasted so long was a good one. */
const soundMs = 10_000;

export interface WatchCacheOptions<T extends KubeObject> {
  readonly api: Pick<KubeApi, 'list' | 'watch'>;
  readonly resource: Resource<T>;
  readonly selection?: Selection;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * A copy of all objects of a resource that a selection holds, kept current by a watch; objects lack `metadata.managedFields`, which weighs more than the rest. Never stops by itself: after any error it
 * tries again, and keeps what it has meanwhile, which gets staler: see `staleForMs`.
 */
export class WatchCache<T extends KubeObject> {
  private readonly options: WatchCacheOptions<T>;
  private readonly objects: CachedObjects<T>;
  private readonly backOff: BackOff;
  private readonly controller = new AbortController();
  private running: Promise<void> | null = null;
  /** Where the next watch begins; `null` when everything has to be listed (again). */
  private position: string | null = null;
  private seen: string | null = null;
  private heardAtMs = -Infinity;
  private complaint: string | null = null;

  constructor(options: WatchCacheOptions<T>) {
    this.options = options;
    this.backOff = new BackOff(options.random);
    this.objects = new CachedObjects((error) =>
      options.logger.error({ error, resource: resourceName(options.resource) }, 'a handler of a cache threw'),
    );
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.controller.abort(new KubeError('Aborted', 'the cache was stopped'));
    await this.running;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.objects.values();
  }

  get size(): number {
    return this.objects.size;
  }

  /** Tells all that is there, then all that happens, until the returned function is called. */
  subscribe(handlers: CacheHandlers<T>): () => void {
    return this.objects.subscribe(handlers, this.isSynced);
  }

  /** Before this the cache knows nothing: what it lacks may well exist. */
  get isSynced(): boolean {
    return this.seen !== null;
  }

  /** Everything up to here is in the cache; `null` before the first list. */
  get resourceVersion(): string | null {
    return this.seen;
  }

  /** Whether the write that was answered with this version is in the cache. Who lowers capacity must not do so on a cache that is older than their own last write. */
  hasSeen(resourceVersion: string): boolean {
    if (this.seen === null) return false;
    const order = compareResourceVersions(resourceVersion, this.seen);
    return order === null ? resourceVersion === this.seen : order <= 0;
  }

  /**
   * How long ago the API server was last heard (a list, an event, a bookmark); infinite before the first list. What happened since then is unknown. It does not include how far the API server's own
   * watch cache lags behind: a quorum read and `hasSeen` tell that.
   */
  staleForMs(): number {
    return this.options.clock.monoMs() - this.heardAtMs;
  }

  private async run(): Promise<void> {
    const { signal } = this.controller;
    while (!signal.aborted) {
      try {
        this.position ??= await this.list();
        await this.follow(this.position);
      } catch (error) {
        if (!signal.aborted) await this.recover(error);
      }
    }
  }

  private async list(): Promise<string> {
    const { api, resource, selection } = this.options;
    const { items, resourceVersion } = await listAll(api, resource, {
      ...selection,
      signal: this.controller.signal,
    });
    this.controller.signal.throwIfAborted();
    this.heard(resourceVersion);
    this.objects.replace(items.map(withoutManagedFields));
    return resourceVersion;
  }

  private async follow(from: string): Promise<void> {
    const { api, resource, selection, clock, random } = this.options;
    const { signal } = this.controller;
    const spread = longestWatchSeconds - shortestWatchSeconds + 1;
    const timeoutSeconds = shortestWatchSeconds + Math.floor(random.next() * spread);
    const openedAtMs = clock.monoMs();
    let events = 0;
    const asked = { ...selection, resourceVersion: from, timeoutSeconds, stallMs, signal };
    try {
      for await (const event of api.watch(resource, asked)) {
        if (signal.aborted) return;
        events += 1;
        this.take(event);
      }
    } finally {
      if (events > 0 || clock.monoMs() - openedAtMs >= soundMs) this.backOff.reset();
    }
    if (events === 0 && clock.monoMs() - openedAtMs < soundMs)
      throw new KubeError('ConnectionLost', 'the watch ended at once');
  }

  private take(event: WatchEvent<T>): void {
    const version =
      event.type === 'bookmark' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? '');
    this.insistOnOrder(event.type, version);
    this.heard(version);
    this.position = version;
    if (event.type === 'bookmark') return;
    const object = withoutManagedFields(event.object);
    if (event.type === 'removed') this.objects.remove(object);
    else this.objects.put(object);
  }

  /** A stream that goes back in time is none of the API server's; what it told cannot be trusted, so all is read again. */
  private insistOnOrder(type: WatchEvent<T>['type'], version: string): void {
    const order = compareResourceVersions(version, this.seen ?? '');
    if (order === null || order > 0 || (order === 0 && type === 'bookmark')) return;
    this.position = null;
    throw new KubeError('Malformed', `the watch went back from ${this.seen} to ${version}`);
  }

  private heard(resourceVersion: string): void {
    this.seen = resourceVersion;
    this.heardAtMs = this.options.clock.monoMs();
    if (this.complaint === null) return;
    this.complaint = null;
    this.options.logger.info({ resource: resourceName(this.options.resource) }, 'the cache is current again');
  }

  private async recover(error: unknown): Promise<void> {
    const known = asKubeError(error);
    if (isGone(known)) this.position = null;
    const pauseMs = this.backOff.next(known.retryAfterMs);
    this.complain(known);
    await pause(this.options.clock, pauseMs, this.controller.signal);
  }

  /** Once for each kind of trouble, not for each attempt; what is part of a watch's life is no trouble. */
  private complain({ code, message }: KubeError): void {
    if (isPartOfLife.has(code) && this.complaint === null && this.isSynced) return;
    if (this.complaint === code) return;
    this.complaint = code;
    this.options.logger.warn(
      { resource: resourceName(this.options.resource), code, error: message },
      'the cache is cut off from the API server; tries again',
    );
  }
}

const isPartOfLife: ReadonlySet<string> = new Set(['Expired', 'Gone', 'DeadlineExceeded', 'ConnectionLost']);

function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
