import type { Condition } from '../client/object.ts';
import type { Pod } from '../client/resources.ts';

/** Stands in the `Ready` condition of a pod that Drowse has taken out of its Services. */
export const takenOutReason = 'TakenOutByDrowse';

/**
 * What a pod is to the control loop. `gone`: none of its containers runs any more, or ever will. A pod that was taken out serves on: it is Drowse that does not
 * want it to be found. One that terminates still accepts connections, and loses them.
 */
export type PodPhase = 'starting' | 'serving' | 'terminating' | 'gone';

export function phaseOf(pod: Pod): PodPhase {
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return 'gone';
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  return isReady(pod) || (isTakenOut(pod) && couldBeReady(pod)) ? 'serving' : 'starting';
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

export function isTakenOut(pod: Pod): boolean {
  const ready = conditionOf(pod, 'Ready');
  return ready?.status === 'False' && ready.reason === takenOutReason;
}

/** What the kubelet makes `Ready` of: the containers, and what others have asked to be asked about (readiness gates). */
export function couldBeReady(pod: Pod): boolean {
  const gates = pod.spec.readinessGates ?? [];
  const needed = ['ContainersReady', ...gates.map(({ conditionType }) => conditionType)];
  return needed.every((type) => conditionOf(pod, type)?.status === 'True');
}

export function conditionOf(pod: Pod, type: string): Condition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}
