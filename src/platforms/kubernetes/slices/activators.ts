import type { Pod } from '../client/resources.ts';
import { isReady, phaseOf } from '../pods/pod-phase.ts';

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
export function activatorOf(pod: Pod, zoneOf: (nodeName: string) => string | null): Activator | null {
  const { metadata, spec, status } = pod;
  const { nodeName } = spec;
  const addresses = (status?.podIPs ?? []).map(({ ip }) => ip);
  if (nodeName === undefined || addresses.length === 0 || phaseOf(pod) === 'gone') return null;
  const { namespace = '', name = '', uid = '', deletionTimestamp } = metadata;
  const zone = zoneOf(nodeName);
  return {
    namespace,
    name,
    uid,
    addresses,
    nodeName,
    zone,
    isReady: isReady(pod),
    isEnding: deletionTimestamp !== undefined,
  };
}
