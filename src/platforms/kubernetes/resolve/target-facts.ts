import type { Pod, PodTemplate } from '../client/resources.ts';
import { certainLabels, type PodSelector, selectsPod } from './pod-selector.ts';
import type { TargetFacts } from './types.ts';

/** What is known of the pods of a target: all, where its template can be read, else no more than its selector says. `pods` are those of the namespace. */
export function targetFacts(
  selector: PodSelector,
  template: PodTemplate | null,
  pods: Iterable<Pod>,
): TargetFacts {
  return {
    // Not of the pods that there are: what is known of an app must not change because it sleeps.
    podLabels: template === null ? certainLabels(selector) : (template.metadata?.labels ?? {}),
    template,
    pods: [...pods].filter(({ metadata }) => selectsPod(selector, metadata.labels)),
  };
}
