import { KubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { keyOf } from '../client/object.ts';
import { type EndpointSlice, endpointSlices } from '../client/resources.ts';
import type { SliceChanges } from './diff-slices.ts';

/**
 * Carries out the changes: what comes before what goes. Safe to repeat, and with two leaders: what is ours is applied whole, and what is deleted is what was seen. Rejects with the first `KubeError`
 * that is not the answer to somebody having been faster.
 */
export async function writeSlices(api: KubeApi, { apply, remove }: SliceChanges): Promise<WrittenSlices> {
  const applied = await Promise.all(apply.map((slice) => applySlice(api, slice)));
  await Promise.all(remove.map((slice) => removeSlice(api, slice)));
  return { applied, removed: remove };
}

/** What there is now, before any watch tells of it. */
export interface WrittenSlices {
  readonly applied: readonly EndpointSlice[];
  readonly removed: readonly EndpointSlice[];
}

async function applySlice(api: KubeApi, slice: EndpointSlice): Promise<EndpointSlice> {
  return api.patch(endpointSlices, keyOf(slice), { type: 'apply', object: slice, isForced: true });
}

async function removeSlice(api: KubeApi, slice: EndpointSlice): Promise<void> {
  const { uid, resourceVersion } = slice.metadata;
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  try {
    await api.delete(endpointSlices, keyOf(slice), { preconditions });
  } catch (error) {
    // Gone already, or changed since: the next look at it decides anew.
    if (!(error instanceof KubeError && (error.code === 'NotFound' || error.code === 'Conflict')))
      throw error;
  }
}
