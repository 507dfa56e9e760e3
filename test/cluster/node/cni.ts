import { podRangesOf, type Place } from '../machines/addresses.ts';
import { machineFolder } from '../machines/set-up.ts';

/** Where Debian's containernetworking-plugins lie. */
export const pluginFolder = '/usr/lib/cni';
/** In the machine's folder, what is to be done with them. */
export const cniFolder = 'cni';

/**
 * Each pod on a link of its own, routed by the node. On a bridge the answers of a pod on the same node would pass by the rules that must undo the change of
 * their address, unless the kernel filters bridges too.
 */
export function cniConfig(place: Place): object {
  const ipam = {
    type: 'host-local',
    dataDir: `${machineFolder}/ipam`,
    ranges: podRangesOf(place).map((subnet) => [{ subnet }]),
    routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
  };
  const plugins = [
    { type: 'ptp', ipMasq: false, mtu: 1500, ipam },
    { type: 'portmap', capabilities: { portMappings: true } },
  ];
  return { cniVersion: '1.0.0', name: 'pods', plugins };
}
