import type { Condition } from '../../../platforms/kubernetes/client/object.ts';
import type { Deployment } from '../../../platforms/kubernetes/client/resources.ts';
import type { ReplicaSet } from './replica-sets.ts';

/** As the controller writes it, without the condition that tells of progress. */
export function deploymentStatus(
  { metadata, spec }: Deployment,
  current: ReplicaSet | undefined,
  own: readonly ReplicaSet[],
): object {
  const wanted = spec.replicas ?? 1;
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
    own.reduce((total, { status }) => total + (status?.[field] ?? 0), 0);
  const available = sum('availableReplicas');
  return {
    observedGeneration: metadata.generation ?? 0,
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    conditions: [availability(available >= wanted - Math.floor(wanted / 4)), ...failures(own)],
  };
}

const availability = (isAvailable: boolean): Condition =>
  isAvailable
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' };

/** Why pods cannot be made is said by the set that wants them. */
function failures(own: readonly ReplicaSet[]): readonly Condition[] {
  const all = own.flatMap(({ status }) => status?.conditions ?? []);
  return all.filter(({ type }) => type === 'ReplicaFailure').slice(0, 1);
}
