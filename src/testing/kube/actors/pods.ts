import type { Condition } from '../../../platforms/kubernetes/client/object.ts';
import type { Pod } from '../../../platforms/kubernetes/client/resources.ts';
import { isGoing } from './actor.ts';

export function conditionOf({ status }: Pod, type: string): Condition | null {
  return status?.conditions?.find((one) => one.type === type) ?? null;
}

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True';

/** It has ended, and will not run again. */
export const isTerminal = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Counts for its controller. */
export const isActive = (pod: Pod): boolean => !isGoing(pod) && !isTerminal(pod);

/** Which goes first when there are too many: what is furthest from serving, then the youngest. */
export function byWorth(a: Pod, b: Pod): number {
  const [first, second] = [worthOf(a), worthOf(b)];
  if (first !== second) return first - second;
  const [older, younger] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? '');
  if (older !== younger) return (older ?? '') < (younger ?? '') ? 1 : -1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

function worthOf(pod: Pod): number {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status?.phase !== 'Running') return 1;
  return isReady(pod) ? 3 : 2;
}
