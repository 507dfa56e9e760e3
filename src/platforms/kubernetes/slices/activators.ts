import type { Pod } from '../client/resources.ts';

/** A replica of Drowse, as a destination. */
export interface Activator {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** One of each family that it has. */
  readonly addresses: readonly string[];
  readonly nodeName: string;
  readonly zone: string | null;
  readonly isReady: boolean;
  /** It finishes what it holds, and takes nothing new. */
  readonly isEnding: boolean;
}

/** `null`: nobody can be sent there (it has no address yet, or has ended). `zoneOf` tells the zone of a node. */
export function activatorOf(
  { metadata, spec, status }: Pod,
  zoneOf: (nodeName: string) => string | null,
): Activator | null {
  const { nodeName } = spec;
  const addresses = (status?.podIPs ?? []).map(({ ip }) => ip);
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (nodeName === undefined || addresses.length === 0 || isOver) return null;
  const { namespace = '', name = '', uid = '', deletionTimestamp } = metadata;
  const isReady = (status?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
  const zone = zoneOf(nodeName);
  return {
    namespace,
    name,
    uid,
    addresses,
    nodeName,
    zone,
    isReady,
    isEnding: deletionTimestamp !== undefined,
  };
}
