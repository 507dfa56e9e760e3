import { run } from '../real/programs.ts';
import { hierarchies, makeCgroup, removeCgroups } from './machines/cgroups.ts';

/** Something that the machine has to let us do, and a trial of it. */
export interface Ability {
  readonly what: string;
  readonly attempt: () => Promise<unknown>;
}

/** Controllers without which no kubelet starts. */
const controllers = ['cpu', 'cpuset', 'memory', 'pids'];

/** In namespaces of its own, so that nothing of the trial is left. */
function inside(what: string, script: string): Ability {
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--mount-proc'];
  const argv = ['unshare', ...namespaces, '--propagation', 'private', '/bin/sh', '-ec', script];
  return { what, attempt: () => run(argv) };
}

const neededAbilities: readonly Ability[] = [
  inside('new namespaces of mounts, network, processes, IPC and host name (CAP_SYS_ADMIN)', 'true'),
  inside('mounts of tmpfs (CAP_SYS_ADMIN)', 'mount -n -t tmpfs trial /mnt'),
  inside(
    'mounts of overlay (the kernel module of that name)',
    'mount -n -t tmpfs trial /mnt && mkdir /mnt/upper /mnt/work && mount -n -t overlay -o lowerdir=/var,upperdir=/mnt/upper,workdir=/mnt/work trial /var',
  ),
  inside('network bridges (CAP_NET_ADMIN; the kernel module bridge)', 'ip link add trial type bridge'),
  inside(
    'pairs of interfaces (CAP_NET_ADMIN; the kernel module veth)',
    'ip link add trial type veth peer name other',
  ),
  inside(
    'forwarding of IPv4 and IPv6 in a new network namespace (a kernel with IPv6, and a writable /proc/sys)',
    'echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
  ),
  inside(
    'translation of addresses by nftables (the kernel modules nf_tables and nft_chain_nat)',
    "nft 'add table ip trial; add chain ip trial nat { type nat hook output priority 0; }'",
  ),
  inside(
    'translation of addresses by iptables (the kernel module of its kind: nft_compat or iptable_nat)',
    'iptables -t nat -A POSTROUTING -m comment --comment trial -j MASQUERADE',
  ),
  { what: `writable control groups with ${controllers.join(', ')} (/sys/fs/cgroup)`, attempt: tryCgroups },
];

async function tryCgroups(): Promise<void> {
  const offered = hierarchies().flatMap(({ controllers: some }) => some);
  const missing = controllers.filter((name) => !offered.includes(name));
  if (missing.length > 0) throw new Error(`there is no controller for: ${missing.join(', ')}`);
  const name = `trial-${process.pid}`;
  try {
    await makeCgroup(`/drowse-${name}/machine`);
  } finally {
    await removeCgroups(name);
  }
}

/** Throws all that this machine does not let us do: better now than as a component that does not come up, after minutes of building. */
export async function checkAbilities(abilities: readonly Ability[] = neededAbilities): Promise<void> {
  const missing = new Map<string, string>();
  for (const { what, attempt } of abilities) {
    const reason = await attempt().then(() => null, lastLineOf);
    // What fails for the reason of another may well be there: without namespaces nothing can be tried in them.
    if (reason !== null && !missing.has(reason)) missing.set(reason, what);
  }
  if (missing.size === 0) return;
  const told = [...missing].map(([reason, what]) => `- ${what}\n  ${reason}`);
  throw new Error(
    `This machine (or the container that this runs in) does not allow what a cluster is made of:\n${told.join('\n')}`,
  );
}

/** What the program that failed said last; its command line is of no help. */
function lastLineOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return lines.at(-1) ?? '';
}
