import type { Pod } from '../../../platforms/kubernetes/client/resources.ts';

/** What a pod's program does, as far as others can tell. */
export interface PodBehaviour {
  /** From the node's knowledge of the pod to its running container. */
  readonly startMs: number;
  /** From the running container to its first answer to a connection. */
  readonly listenMs: number;
  /** From that to the readiness probe that notices. */
  readonly readyMs: number;
  /** From SIGTERM to the exit; the grace of the pod cuts it short. */
  readonly exitMs: number;
  /** Whether it takes connections between SIGTERM and exit. */
  readonly servesOn: boolean;
  /** Of its life, after which it exits by itself; `null` for never. */
  readonly crashAfterMs: number | null;
  /** Whether its image can be pulled. */
  readonly hasImage: boolean;
}

/** A healthy program, with figures of the kind that a small cluster showed. */
export const healthy: PodBehaviour = {
  startMs: 400,
  listenMs: 50,
  readyMs: 20,
  exitMs: 100,
  servesOn: false,
  crashAfterMs: null,
  hasImage: true,
};

/** Asked at each start of a container. */
export type BehaviourOf = (pod: Pod) => PodBehaviour;
