import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { ClusterWatches } from '../watching/cluster-watches.ts';
import type { ForeignTargets } from './foreign-targets.ts';
import { type TargetSight, targetOf } from './target.ts';

type WatchedKind = 'Deployment' | 'StatefulSet';

/** What apps scale: watched where it is of a kind that is, asked for otherwise. */
export class Targets {
  readonly #watches: Pick<ClusterWatches, 'deployments' | 'statefulSets'>;
  readonly #foreign: Pick<ForeignTargets, 'sight'>;

  constructor(
    watches: Pick<ClusterWatches, 'deployments' | 'statefulSets'>,
    foreign: Pick<ForeignTargets, 'sight'>,
  ) {
    this.#watches = watches;
    this.#foreign = foreign;
  }

  sight({ metadata: { namespace = '' }, spec: { scaleTargetRef } }: ScaledApp): TargetSight {
    const kind = watchedKind(scaleTargetRef);
    if (kind === null) return this.#foreign.sight(namespace, scaleTargetRef);
    const { deployments, statefulSets } = this.#watches;
    const watched = kind === 'Deployment' ? deployments : statefulSets;
    const object = watched.get({ namespace, name: scaleTargetRef.name });
    if (object !== undefined) return targetOf(object);
    return watched.isSynced ? 'missing' : 'unknown';
  }
}

/** Of whatever version: it is the same object. */
export function watchedKind({ apiVersion, kind }: ScaledApp['spec']['scaleTargetRef']): WatchedKind | null {
  const isWatched = kind === 'Deployment' || kind === 'StatefulSet';
  return isWatched && apiVersion.startsWith('apps/') ? kind : null;
}
