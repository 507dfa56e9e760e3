import { isDeepStrictEqual } from 'node:util';
import type {
  Endpoint,
  EndpointPort,
  EndpointSlice,
} from '../../../platforms/kubernetes/client/resources.ts';

/** What a slice holds. */
export interface SliceContent {
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

export interface SlicePlan {
  readonly make: readonly SliceContent[];
  readonly change: readonly (readonly [EndpointSlice, SliceContent])[];
  readonly remove: readonly EndpointSlice[];
}

const mostEndpoints = 100;

/** Of a Service without endpoints there is still a slice, without ports. */
const placeholder: SliceContent = { endpoints: [], ports: [] };

/**
 * How to get from the slices of a Service and family to those that hold all of `wanted`, one group for each set of ports. An endpoint stays in the slice that it is in, new ones fill
 * what has room, and a slice that would go is used for what would be made.
 */
export function planSlices(existing: readonly EndpointSlice[], wanted: readonly SliceContent[]): SlicePlan {
  const groups = wanted.map((group) =>
    planGroup(
      existing.filter((slice) => isOf(slice, group)),
      group,
    ),
  );
  const kept = groups.flatMap(({ kept: all }) => all);
  const made = groups.flatMap(({ made: all }) => all);
  const left = existing.filter((slice) => !kept.some(([one]) => one === slice));
  const needed = kept.length + made.length > 0 ? made : [placeholder];
  const reused = left
    .slice(0, needed.length)
    .map((slice, index) => [slice, needed[index] ?? placeholder] as const);
  return {
    make: needed.slice(reused.length),
    change: [...kept, ...reused].filter(([slice, content]) => !isSame(slice, content)),
    remove: left.slice(reused.length),
  };
}

interface Group {
  readonly kept: readonly (readonly [EndpointSlice, SliceContent])[];
  readonly made: readonly SliceContent[];
}

function planGroup(slices: readonly EndpointSlice[], { endpoints, ports }: SliceContent): Group {
  const left = new Map(endpoints.map((endpoint) => [uidOf(endpoint), endpoint]));
  const held = slices.map((slice) => {
    const staying = (slice.endpoints ?? []).map(uidOf).filter((uid) => left.has(uid));
    return { slice, endpoints: staying.flatMap((uid) => taken(left, uid)) };
  });
  const kept = held
    .filter((one) => one.endpoints.length > 0)
    .map(({ slice, endpoints: staying }) => {
      const more = [...left.keys()]
        .slice(0, mostEndpoints - staying.length)
        .flatMap((uid) => taken(left, uid));
      return [slice, { endpoints: [...staying, ...more], ports }] as const;
    });
  const rest = [...left.values()];
  const made: SliceContent[] = [];
  while (rest.length > 0) made.push({ endpoints: rest.splice(0, mostEndpoints), ports });
  return { kept, made };
}

function taken(from: Map<string, Endpoint>, uid: string): readonly Endpoint[] {
  const found = from.get(uid);
  from.delete(uid);
  return found === undefined ? [] : [found];
}

const uidOf = ({ targetRef }: Endpoint): string => targetRef?.uid ?? '';

const isOf = ({ ports }: EndpointSlice, group: SliceContent): boolean =>
  isDeepStrictEqual(ports ?? [], group.ports);

const isSame = (slice: EndpointSlice, { endpoints, ports }: SliceContent): boolean =>
  isDeepStrictEqual([slice.endpoints ?? [], slice.ports ?? []], [endpoints, ports]);
