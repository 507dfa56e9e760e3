import { keyOf, keyText, type KubeObject, type ObjectKey } from '../object.ts';

/** Told what happens to each object, in order: added, then changed any number of times, then removed. Another object under the same name is removed and added. */
export interface CacheHandlers<T extends KubeObject> {
  added?(object: T): void;
  changed?(object: T, before: T): void;
  /** As it was last known: the removal itself may have been missed. */
  removed?(object: T): void;
  /** What has been told is all there is: after each complete list. */
  synced?(): void;
}

type Telling<T extends KubeObject> = (handlers: CacheHandlers<T>) => void;

/** The objects by key. Handlers are told after all of a change has been made: what they look up is never older than what they hear. */
export class CachedObjects<T extends KubeObject> {
  private objects = new Map<string, T>();
  private readonly handlers = new Set<CacheHandlers<T>>();
  private readonly failed: (error: unknown) => void;

  /** `failed` hears what a handler throws; the others are told all the same. */
  constructor(failed: (error: unknown) => void) {
    this.failed = failed;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  values(): IterableIterator<T> {
    return this.objects.values();
  }

  get size(): number {
    return this.objects.size;
  }

  /** Whoever comes late is told all that is there first. */
  subscribe(handlers: CacheHandlers<T>, isSynced: boolean): () => void {
    this.handlers.add(handlers);
    for (const object of this.objects.values()) this.tellOne(handlers, (one) => one.added?.(object));
    if (isSynced) this.tellOne(handlers, (one) => one.synced?.());
    return () => void this.handlers.delete(handlers);
  }

  put(object: T): void {
    const key = keyText(keyOf(object));
    const before = this.objects.get(key);
    this.objects.set(key, object);
    this.tell(difference(before, object));
  }

  remove(object: T): void {
    if (this.objects.delete(keyText(keyOf(object)))) this.tell([(one) => one.removed?.(object)]);
  }

  /** These are all the objects there are. */
  replace(objects: readonly T[]): void {
    const before = this.objects;
    this.objects = new Map(objects.map((object) => [keyText(keyOf(object)), object]));
    const gone = [...before].filter(([key]) => !this.objects.has(key));
    this.tell([
      ...gone.map(
        ([, object]): Telling<T> =>
          (one) =>
            one.removed?.(object),
      ),
      ...[...this.objects].flatMap(([key, object]) => difference(before.get(key), object)),
      (one) => one.synced?.(),
    ]);
  }

  /** Whoever subscribes meanwhile has been told the outcome already. */
  private tell(tellings: readonly Telling<T>[]): void {
    const audience = [...this.handlers];
    for (const telling of tellings) for (const handlers of audience) this.tellOne(handlers, telling);
  }

  private tellOne(handlers: CacheHandlers<T>, telling: Telling<T>): void {
    if (!this.handlers.has(handlers)) return;
    try {
      telling(handlers);
    } catch (error) {
      this.failed(error);
    }
  }
}

function difference<T extends KubeObject>(before: T | undefined, now: T): readonly Telling<T>[] {
  if (before === undefined) return [(one) => one.added?.(now)];
  if (before.metadata.uid !== now.metadata.uid)
    return [(one) => one.removed?.(before), (one) => one.added?.(now)];
  if (before.metadata.resourceVersion === now.metadata.resourceVersion) return [];
  return [(one) => one.changed?.(now, before)];
}
