import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Random } from '../../../ports/random.ts';
import type { KubeApi, Selection } from '../client/kube-api.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../client/object.ts';
import type { Resource } from '../client/resource.ts';
import type { CacheHandlers } from '../client/watch/cached-objects.ts';
import { WatchCache } from '../client/watch/watch-cache.ts';

export interface WatchDeps {
  readonly api: Pick<KubeApi, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** All objects of a resource that some selections hold, which must not overlap; found by their namespace, since an app never looks beyond its own. */
export class Watched<T extends KubeObject> {
  readonly #caches: readonly WatchCache<T>[];
  readonly #byNamespace = new Map<string, Map<string, T>>();

  constructor(deps: WatchDeps, resource: Resource<T>, selections: readonly Selection[]) {
    this.#caches = selections.map((selection) => new WatchCache({ ...deps, resource, selection }));
    const put = (object: T): void => this.#put(object);
    const handlers = { added: put, changed: put, removed: (object: T) => this.#remove(object) };
    for (const cache of this.#caches) cache.subscribe(handlers);
  }

  start(): void {
    for (const cache of this.#caches) cache.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#caches.map(async (cache) => cache.stop()));
  }

  /** Before this it knows nothing: what it lacks may well exist. */
  get isSynced(): boolean {
    return this.#caches.every(({ isSynced }) => isSynced);
  }

  get({ namespace = '', name }: ObjectKey): T | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  in(namespace: string): Iterable<T> {
    return this.#byNamespace.get(namespace)?.values() ?? [];
  }

  *values(): IterableIterator<T> {
    for (const objects of this.#byNamespace.values()) yield* objects.values();
  }

  /** Tells all that is there, then all that happens. */
  subscribe(handlers: CacheHandlers<T>): void {
    for (const cache of this.#caches) cache.subscribe(handlers);
  }

  #put(object: T): void {
    const { namespace = '', name } = keyOf(object);
    const objects = this.#byNamespace.get(namespace) ?? new Map<string, T>();
    this.#byNamespace.set(namespace, objects.set(name, object));
  }

  #remove(object: T): void {
    const { namespace = '', name } = keyOf(object);
    const objects = this.#byNamespace.get(namespace);
    objects?.delete(name);
    if (objects?.size === 0) this.#byNamespace.delete(namespace);
  }
}
