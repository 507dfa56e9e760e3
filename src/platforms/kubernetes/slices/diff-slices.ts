import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf } from '../client/resource.ts';
import { type EndpointSlice, endpointSlices } from '../client/resources.ts';
import { endpointKey } from './endpoints.ts';
import { appAnnotation, sliceLabels } from './slice-names.ts';

export interface SliceChanges {
  /** By server-side apply, those that are not there yet among them. */
  readonly apply: readonly EndpointSlice[];
  /** As they were seen: what has changed since is looked at again first. */
  readonly remove: readonly EndpointSlice[];
}

/**
 * What makes the slices that there are those that should be. Nothing that somebody may be sent to vanishes at once: a slice that is to go is first one whose endpoints are leaving, and goes the next time.
 * (Cilium cuts long-lived connections to a backend that vanishes; those to one that terminates it lets end.)
 */
export function diffSlices(
  wanted: readonly EndpointSlice[],
  existing: readonly EndpointSlice[],
): SliceChanges {
  const before = new Map(existing.map((slice) => [nameOf(slice), slice]));
  const names = new Set(wanted.map(nameOf));
  const going = existing.filter(
    (slice) => !names.has(nameOf(slice)) && slice.metadata.deletionTimestamp === undefined,
  );
  return {
    apply: [
      ...wanted.filter((slice) => !isAsWanted(before.get(nameOf(slice)), slice)),
      ...going.filter(isUsable).map(leaving),
    ],
    remove: going.filter((slice) => !isUsable(slice)),
  };
}

function nameOf({ metadata }: EndpointSlice): string {
  return metadata.name ?? '';
}

/** Compared is what we say of a slice. What others add (hints, labels) is theirs. */
function isAsWanted(found: EndpointSlice | undefined, wanted: EndpointSlice): boolean {
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return false;
  return isDeepStrictEqual(said(found, wanted), said(wanted, wanted));
}

function said({ metadata, addressType, endpoints, ports }: EndpointSlice, like: EndpointSlice): unknown {
  return {
    labels: picked(metadata.labels, like.metadata.labels),
    annotations: picked(metadata.annotations, like.metadata.annotations),
    owners: metadata.ownerReferences?.map(({ uid }) => uid),
    addressType,
    endpoints: (endpoints ?? []).map((endpoint) => [
      endpointKey(endpoint),
      endpoint.addresses,
      endpoint.conditions,
      endpoint.nodeName,
      endpoint.zone,
    ]),
    ports: (ports ?? []).map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol]),
  };
}

type Texts = Readonly<Record<string, string>>;

function picked(from: Texts = {}, like: Texts = {}): Texts {
  return Object.fromEntries(
    Object.keys(like).flatMap((key) => (key in from ? [[key, from[key] ?? '']] : [])),
  );
}

function isUsable({ endpoints }: EndpointSlice): boolean {
  return (endpoints ?? []).some(({ conditions }) => conditions?.terminating !== true);
}

/** The same, of what is ours to say, with its endpoints on their way out. */
function leaving({ metadata, addressType, endpoints, ports }: EndpointSlice): EndpointSlice {
  const { namespace = '', name = '', labels, annotations, ownerReferences = [] } = metadata;
  return {
    apiVersion: apiVersionOf(endpointSlices),
    kind: endpointSlices.kind,
    metadata: {
      namespace,
      name,
      labels: picked(labels, { [sliceLabels.serviceName]: '', [sliceLabels.managedBy]: '' }),
      annotations: picked(annotations, { [appAnnotation]: '' }),
      ownerReferences,
    },
    addressType,
    endpoints: (endpoints ?? []).map((endpoint) => ({
      ...endpoint,
      conditions: { ready: false, serving: endpoint.conditions?.serving ?? true, terminating: true },
    })),
    ports,
  };
}
