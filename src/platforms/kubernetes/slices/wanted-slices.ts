import { apiVersionOf } from '../client/resource.ts';
import { type Endpoint, type EndpointSlice, endpointSlices } from '../client/resources.ts';
import { portNameOf } from '../resolve/resolve-app.ts';
import type { IpFamily, ResolvedService } from '../resolve/types.ts';
import type { Activator } from './activators.ts';
import { endpointsOf, type SliceStage } from './endpoints.ts';
import { placeEndpoints } from './place-endpoints.ts';
import {
  appAnnotation,
  serviceOfSlice,
  sliceIndex,
  sliceLabels,
  sliceManager,
  sliceName,
} from './slice-names.ts';

export interface SliceWish {
  readonly namespace: string;
  /** Of the ScaledApp. */
  readonly app: string;
  readonly services: readonly ResolvedService[];
  /** By the names of the ports (`web:80`). A Service of which one port has none is left alone: half of it would refuse connections. */
  readonly activatorPorts: ReadonlyMap<string, number>;
  readonly activators: readonly Activator[];
  readonly stage: SliceStage;
}

/** The slices of an app as they should be; `existing` are those that it has. One for each Service and family, more only for more than a hundred activators. */
export function wantedSlices(wish: SliceWish, existing: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const { stage } = wish;
  if (stage === 'absent') return [];
  return wish.services
    .filter(({ name, ports }) => ports.every(({ port }) => wish.activatorPorts.has(portNameOf(name, port))))
    .flatMap((service) =>
      service.families.flatMap((family) => slicesOf(wish, stage, service, family, existing)),
    );
}

function slicesOf(
  wish: SliceWish,
  stage: Exclude<SliceStage, 'absent'>,
  service: ResolvedService,
  family: IpFamily,
  existing: readonly EndpointSlice[],
): readonly EndpointSlice[] {
  const endpoints = endpointsOf(wish.activators, family, stage);
  const placed = placeEndpoints(endpoints, placesBefore(service.name, family, existing));
  return [...placed]
    .toSorted(([a], [b]) => a - b)
    .map(([index, list]) => sliceOf(wish, service, family, index, list));
}

function placesBefore(
  service: string,
  family: IpFamily,
  existing: readonly EndpointSlice[],
): ReadonlyMap<number, readonly Endpoint[]> {
  const own = existing.filter((slice) => serviceOfSlice(slice) === service && slice.addressType === family);
  return new Map(
    own.flatMap((slice) => {
      const index = sliceIndex(slice, service, family);
      return index === null ? [] : [[index, slice.endpoints ?? []] as const];
    }),
  );
}

function sliceOf(
  { namespace, app, activatorPorts }: SliceWish,
  service: ResolvedService,
  family: IpFamily,
  index: number,
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const owner = { apiVersion: 'v1', kind: 'Service', name: service.name, uid: service.uid };
  return {
    apiVersion: apiVersionOf(endpointSlices),
    kind: endpointSlices.kind,
    metadata: {
      namespace,
      name: sliceName(service.name, family, index),
      labels: { [sliceLabels.serviceName]: service.name, [sliceLabels.managedBy]: sliceManager },
      annotations: { [appAnnotation]: app },
      // They go with the Service: a name is nothing that another one may inherit.
      ownerReferences: [{ ...owner, controller: false, blockOwnerDeletion: false }],
    },
    addressType: family,
    endpoints,
    ports: service.ports.map((port) => slicePort(service.name, port, activatorPorts)),
  };
}

/** Names and protocols are those of the Service, by which its consumers find the port; the number tells us which app it is for. */
function slicePort(
  service: string,
  { name, port, appProtocol }: ResolvedService['ports'][number],
  activatorPorts: ReadonlyMap<string, number>,
): NonNullable<EndpointSlice['ports']>[number] {
  const number = activatorPorts.get(portNameOf(service, port));
  if (number === undefined) throw new Error(`port ${port} of Service ${service} has no activator port`);
  return { name, port: number, protocol: 'TCP', ...(appProtocol !== null && { appProtocol }) };
}
