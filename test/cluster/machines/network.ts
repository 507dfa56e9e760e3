import { run } from '../../real/programs.ts';
import {
  addressesOf,
  controlPlane,
  machineRangeBits,
  places,
  podRangesOf,
  serviceRanges,
  type Place,
} from './addresses.ts';
import { inNetworkOf, runInMachine, type Machine } from './machine.ts';

/**
 * Joins the machines: the control plane's has the switch, and every machine knows the way to the pods of the others. There is no way out: to
 * anywhere else no machine has a route.
 */
export async function connect(machines: ReadonlyMap<string, Machine>): Promise<void> {
  const hub = machines.get(controlPlane.name);
  if (hub === undefined) throw new Error('The network needs the machine of the control plane');
  for (const place of places) {
    const machine = machines.get(place.name);
    if (machine === undefined) continue;
    await allowForwarding(machine);
    await batch(machine, machine === hub ? switchLines() : []);
    if (machine !== hub) await plugIn(hub, machine);
    await batch(machine, [...addressLines(place), ...routeLines(place)]);
  }
}

/** The interface that bears a machine's addresses. */
function deviceOf(place: Place): string {
  return place === controlPlane ? 'switch' : 'eth0';
}

function switchLines(): string[] {
  return ['link add switch type bridge', 'link set switch up'];
}

async function plugIn(hub: Machine, machine: Machine): Promise<void> {
  const end = `eth0 netns ${machine.pid}`;
  const link = `ip link add ${end} type veth peer name ${machine.name} netns ${hub.pid}`;
  await run(link.split(' '));
  await batch(hub, [`link set ${machine.name} master switch`, `link set ${machine.name} up`]);
  await batch(machine, ['link set eth0 up']);
}

/** No duplicate address detection: it keeps an IPv6 address unusable for the first second or two. */
function addressLines(place: Place): string[] {
  const [ipv4, ipv6] = addressesOf(place);
  const [bits4, bits6] = machineRangeBits;
  const device = deviceOf(place);
  return [`address add ${ipv4}/${bits4} dev ${device}`, `address add ${ipv6}/${bits6} dev ${device} nodad`];
}

function routeLines(place: Place): string[] {
  const others = places.filter((other) => other !== place);
  const toPods = others.flatMap((other) => {
    const addresses = addressesOf(other);
    return podRangesOf(other).map((range, family) => `route add ${range} via ${addresses[family]}`);
  });
  // The kernel looks for a route before kube-proxy's rules change the destination. This one leads to nobody: a Service that those do not know is not reached.
  const toServices = serviceRanges.map((range) => `route add ${range} dev ${deviceOf(place)}`);
  return [...toPods, ...toServices];
}

async function allowForwarding(machine: Machine): Promise<void> {
  const settings = ['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv6/conf/default/forwarding'];
  await runInMachine(
    machine,
    'for setting in "$@"; do echo 1 >"/proc/sys/net/$setting"; done; for filter in /proc/sys/net/bridge/bridge-nf-call-ip*tables; do [ ! -e "$filter" ] || echo 0 >"$filter"; done',
    ...settings,
  );
}

async function batch(machine: Machine, lines: readonly string[]): Promise<void> {
  await run(inNetworkOf(machine, ['ip', '-batch', '-']), { input: `${lines.join('\n')}\n` });
}
