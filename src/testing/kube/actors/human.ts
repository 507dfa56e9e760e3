import type { KubeApi } from '../../../platforms/kubernetes/client/kube-api.ts';
import type { KubeObject, ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import type { Resource } from '../../../platforms/kubernetes/client/resource.ts';
import { scaleOf } from '../../../platforms/kubernetes/client/scale.ts';

/** `kubectl scale`: it writes whatever anybody else has written meanwhile. */
export async function kubectlScale(
  api: KubeApi,
  resource: Resource<KubeObject>,
  key: ObjectKey,
  replicas: number,
): Promise<void> {
  await api.patch(scaleOf(resource), key, { type: 'merge', body: { spec: { replicas } } });
}
