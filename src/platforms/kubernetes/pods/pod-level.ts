import type { Endpoint, EndpointSlice, Pod } from '../client/resources.ts';
import { sliceLabels } from '../slices/slice-names.ts';
import type { PodLevel } from '../switching/types.ts';
import { phaseOf } from './pod-phase.ts';

/** Who keeps the slices of Services that have a selector. */
const kubernetesOwn = 'endpointslice-controller.k8s.io';

/**
 * How many pods of an app Kubernetes sends connections to, and how many would serve them. A pod counts as ready when any slice (of whatever Service, family or port) says so: as
 * long as one does, somebody is sent to it.
 */
export function podLevel(pods: Iterable<Pod>, slices: Iterable<EndpointSlice>): PodLevel {
  const ready = new Set<string>();
  for (const slice of slices) {
    if (slice.metadata.labels?.[sliceLabels.managedBy] !== kubernetesOwn) continue;
    for (const endpoint of slice.endpoints ?? []) if (isReady(endpoint)) ready.add(nameOf(endpoint));
  }
  let serving = 0;
  for (const pod of pods) if (phaseOf(pod) === 'serving') serving += 1;
  return { ready: ready.size, serving };
}

/** Left out means ready (`discovery.k8s.io/v1`). */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready ?? true;
}

function nameOf({ targetRef, addresses }: Endpoint): string {
  return targetRef?.name ?? addresses.join();
}
