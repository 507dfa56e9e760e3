import type { Condition } from '../client/object.ts';
import type { Deployment, PodTemplate, StatefulSet } from '../client/resources.ts';
import { type PodSelector, podSelectorOf } from '../resolve/pod-selector.ts';
import type { Counted } from '../scale/replica-count.ts';

/** What an app scales, as it was seen last. */
export interface Target {
  readonly uid: string;
  /** Without conditions where the target names none that can be read: then none of its pods is known. */
  readonly selector: PodSelector;
  /** `null` where it has none that we can read. */
  readonly template: PodTemplate | null;
  readonly counted: Counted;
  readonly conditions: readonly Condition[];
}

/** `missing`: the API server has said that there is none. `unknown`: it has not been heard. */
export type TargetSight = Target | 'missing' | 'unknown';

export function targetOf({ metadata, spec, status }: Deployment | StatefulSet): Target {
  return {
    uid: metadata.uid ?? '',
    selector: podSelectorOf(spec.selector),
    template: spec.template,
    // The server fills in 1 where nothing is said.
    counted: { replicas: spec.replicas ?? 1, resourceVersion: metadata.resourceVersion ?? '' },
    conditions: status?.conditions ?? [],
  };
}
