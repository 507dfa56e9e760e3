import type { KubeApi, Selection } from '../../../platforms/kubernetes/client/kube-api.ts';
import type { KubeObject } from '../../../platforms/kubernetes/client/object.ts';
import type { Resource } from '../../../platforms/kubernetes/client/resource.ts';
import { WatchCache } from '../../../platforms/kubernetes/client/watch/watch-cache.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Random } from '../../../ports/random.ts';

/** Somebody who works on the cluster through its API, as a controller or a node does. What one knows comes from watches of one's own, and may be old. */
export interface Actor {
  start(): void;
  /** No call is made after this. */
  stop(): Promise<void>;
}

export interface ActorDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function cacheOf<T extends KubeObject>(
  deps: ActorDeps,
  resource: Resource<T>,
  selection: Selection = {},
): WatchCache<T> {
  return new WatchCache({ ...deps, resource, selection });
}

/** The controller that an object belongs to. */
export function controllerOf({ metadata }: KubeObject): string | null {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? null;
}

export const isGoing = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
