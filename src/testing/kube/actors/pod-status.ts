import type { Condition } from '../../../platforms/kubernetes/client/object.ts';
import type { Pod } from '../../../platforms/kubernetes/client/resources.ts';
import type { PodProcess } from './pod-process.ts';

export type PodStatus = NonNullable<Pod['status']>;

/** What the kubelet says of a pod. Its address is known once it has a network, and stays. */
export function podStatus({ spec }: Pod, process: PodProcess, address: string): PodStatus {
  const { isReady, hasSandbox } = process;
  return {
    phase: phaseOf(process),
    ...(hasSandbox ? { podIP: address, podIPs: [{ ip: address }] } : {}),
    conditions: [
      conditionOf('PodReadyToStartContainers', hasSandbox && !process.hasEnded, ''),
      conditionOf('Initialized', true, ''),
      conditionOf('Ready', isReady, process.hasEnded ? 'PodCompleted' : 'ContainersNotReady'),
      conditionOf('ContainersReady', isReady, process.hasEnded ? 'PodCompleted' : 'ContainersNotReady'),
    ],
    containerStatuses: spec.containers.map(({ name }) => ({
      name,
      ready: isReady,
      restartCount: process.restarts,
      state: process.state,
    })),
  };
}

function phaseOf({ state, hasEnded, restarts }: PodProcess): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  if (hasEnded) return state.terminated?.exitCode === 0 ? 'Succeeded' : 'Failed';
  return state.waiting !== undefined && restarts === 0 ? 'Pending' : 'Running';
}

const conditionOf = (type: string, isTrue: boolean, reason: string): Condition =>
  isTrue || reason === '' ? { type, status: isTrue ? 'True' : 'False' } : { type, status: 'False', reason };
