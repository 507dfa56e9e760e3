import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../../ports/logger.ts';
import { reconcileAnnotations, type AnnotatedWorkload } from '../annotations/reconcile-annotations.ts';
import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { keyOf } from '../client/object.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import type { ClusterWatches } from '../watching/cluster-watches.ts';

export interface AnnotationKeeperDeps {
  readonly api: Pick<KubeApi, 'patch' | 'delete'>;
  readonly logger: Logger;
  readonly watches: Pick<ClusterWatches, 'scaledApps' | 'deployments' | 'statefulSets' | 'isSynced'>;
}

/** Makes the ScaledApps that annotations ask for. Belongs to the leader. */
export class AnnotationKeeper {
  readonly #deps: AnnotationKeeperDeps;
  readonly #complaints = new Map<string, string>();

  constructor(deps: AnnotationKeeperDeps) {
    this.#deps = deps;
  }

  /** Looks at all workloads; what fails is done when it is called again. One that is refused keeps none of the others waiting. */
  async look(): Promise<void> {
    const { watches } = this.#deps;
    // What is not there may only not have been told.
    if (!watches.isSynced) return;
    const workloads: AnnotatedWorkload[] = [
      ...[...watches.deployments.values()].map((object) => ({ kind: 'Deployment' as const, object })),
      ...[...watches.statefulSets.values()].map((object) => ({ kind: 'StatefulSet' as const, object })),
    ];
    await Promise.all(workloads.map(async (workload) => this.#reconcile(workload)));
  }

  async #reconcile(workload: AnnotatedWorkload): Promise<void> {
    const { api, watches } = this.#deps;
    const { namespace = '' } = workload.object.metadata;
    const existing = [...watches.scaledApps.in(namespace)];
    try {
      const { apply, remove, findings } = reconcileAnnotations(workload, existing);
      if (apply !== null && !isAsApplied(apply, existing))
        await api.patch(scaledApps, keyOf(apply), { type: 'apply', object: apply, isForced: true });
      for (const name of remove) await api.delete(scaledApps, { namespace, name });
      this.#complain(
        workload,
        findings.map(({ annotation, message }) => `${annotation} ${message}`).join('; '),
      );
    } catch (error) {
      const { code, message } = asKubeError(error);
      if (code !== 'NotFound') this.#complain(workload, message);
    }
  }

  /** Once for each that is new. */
  #complain({ kind, object }: AnnotatedWorkload, said: string): void {
    const workload = `${kind} ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
    if ((this.#complaints.get(workload) ?? '') === said) return;
    this.#complaints.set(workload, said);
    if (said !== '') this.#deps.logger.warn({ workload, said }, 'its annotations cannot be followed');
  }
}

/** Whether there is nothing to write: an apply that changes nothing costs the API server as much as another. The server fills in what is left out of a reference to the target alone, which is written whole. */
function isAsApplied({ metadata, spec }: ScaledApp, existing: readonly ScaledApp[]): boolean {
  const now = existing.find((app) => app.metadata.name === metadata.name);
  return (
    isDeepStrictEqual(now?.spec, spec) &&
    isDeepStrictEqual(now?.metadata.ownerReferences, metadata.ownerReferences)
  );
}
