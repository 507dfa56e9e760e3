/** A machine's place in the network: 0 is the control plane, the nodes follow. All addresses exist in the namespaces of the cluster only. */
export interface Place {
  readonly name: string;
  readonly index: number;
}

/** Written out for a family: IPv4 first, which is the primary one. */
export type Pair<T> = readonly [ipv4: T, ipv6: T];

export const controlPlane: Place = { name: 'control-plane', index: 0 };
export const nodes: readonly Place[] = [1, 2].map((index) => ({ name: `node-${index}`, index }));
export const places: readonly Place[] = [controlPlane, ...nodes];

export function addressesOf({ index }: Place): Pair<string> {
  return [`10.200.0.${index + 10}`, `fd00:10:200::${index + 10}`];
}

export function podRangesOf({ index }: Place): Pair<string> {
  return [`10.201.${index}.0/24`, `fd00:10:201:${index}::/64`];
}

export const machineRangeBits: Pair<number> = [24, 64];
export const podRanges: Pair<string> = ['10.201.0.0/16', 'fd00:10:201::/48'];
export const serviceRanges: Pair<string> = ['10.202.0.0/16', 'fd00:10:202::/112'];
/** The Service `kubernetes` always has the first address of the primary range. */
export const apiServiceAddress = '10.202.0.1';
export const dnsAddresses: Pair<string> = ['10.202.0.10', 'fd00:10:202::a'];
export const clusterDomain = 'cluster.local';
