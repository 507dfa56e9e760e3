import type { KubeApi } from '../client/kube-api.ts';
import type { ObjectKey } from '../client/object.ts';
import { apiVersionOf } from '../client/resource.ts';
import { type EndpointSlice, endpointSlices } from '../client/resources.ts';
import { sliceLabels, sliceManager } from '../slices/slice-names.ts';

/** Where the canary is, for the nodes. */
export interface CanaryPlace {
  /** Of the pod that this Drowse runs in. */
  readonly address: string;
  readonly port: number;
}

/**
 * Leads the canary's Service, which has no selector and a port named `canary`, to this place. Resolves when the API server has stored it; rejects with a
 * `KubeError`.
 */
export async function moveCanary(api: KubeApi, service: ObjectKey, place: CanaryPlace): Promise<void> {
  const isV6 = place.address.includes(':');
  const key = { ...service, name: `${service.name}-${isV6 ? 'ipv6' : 'ipv4'}` };
  const object: EndpointSlice = {
    apiVersion: apiVersionOf(endpointSlices),
    kind: endpointSlices.kind,
    metadata: {
      ...key,
      labels: {
        [sliceLabels.serviceName]: service.name,
        [sliceLabels.managedBy]: sliceManager,
      },
    },
    addressType: isV6 ? 'IPv6' : 'IPv4',
    endpoints: [
      { addresses: [place.address], conditions: { ready: true, serving: true, terminating: false } },
    ],
    ports: [{ name: 'canary', port: place.port, protocol: 'TCP' }],
  };
  await api.patch(endpointSlices, key, { type: 'apply', object, isForced: true });
}
