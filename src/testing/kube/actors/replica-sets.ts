import type { Condition, KubeObject } from '../../../platforms/kubernetes/client/object.ts';
import { defineResource } from '../../../platforms/kubernetes/client/resource.ts';
import type { LabelSelector, PodTemplate } from '../../../platforms/kubernetes/client/resources.ts';

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status?: ReplicaSetStatus;
}

export interface ReplicaSetStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

export const replicaSets = defineResource<ReplicaSet>('apps/v1', 'replicasets', 'ReplicaSet');
