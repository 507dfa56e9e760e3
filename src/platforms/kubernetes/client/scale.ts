import type { KubeApi, WriteOptions } from './kube-api.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import { type Resource, subresourceOf } from './resource.ts';
import type { Scale } from './resources.ts';

export function scaleOf(resource: Resource<KubeObject>): Resource<Scale> {
  return subresourceOf<Scale>(resource, 'scale');
}

/** The count that a Scale asks for: the server leaves the field out at 0. */
export function replicasOf({ spec }: Scale): number {
  return spec.replicas ?? 0;
}

/**
 * Writes the count if the object has not changed since `resourceVersion`, and answers `Conflict` otherwise. A JSON patch with a `test` on `/spec/replicas` would fail at 0, where the field is
 * not there.
 */
export async function writeScale(
  api: KubeApi,
  resource: Resource<KubeObject>,
  key: ObjectKey,
  to: { readonly replicas: number; readonly resourceVersion: string },
  options?: WriteOptions,
): Promise<Scale> {
  const body = { metadata: { resourceVersion: to.resourceVersion }, spec: { replicas: to.replicas } };
  return api.patch(scaleOf(resource), key, { type: 'merge', body }, options);
}
