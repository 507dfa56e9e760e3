/** Where a machine sees its own folder, whatever that is called on the host. */
export const machineFolder = '/run/machine';

/**
 * What the first process of a machine does. `/run` is empty and its own: sockets of containerd's shims and pinned namespaces lie there. `/var` shows the host's
 * and takes writes of its own: some paths in it are fixed in kubelet and CNI. `/mnt` (every Debian has it) is only where `/run` is put together. `-n`: mount(8) would keep its notes in `/run`.
 */
const script = `set -e
mount -n -t tmpfs -o mode=755 machine /mnt
mkdir -p /mnt/machine /mnt/lock /mnt/var/upper /mnt/var/work
mount -n --bind "$0" /mnt/machine
mount -n -t overlay -o lowerdir=/var,upperdir=/mnt/var/upper,workdir=/mnt/var/work var /var
mount -n --move /mnt /run
mount -n --make-rshared /
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
touch ${machineFolder}/started
exec env --ignore-signal=CHLD sleep infinity`;

/** The last line ignores SIGCHLD, which lets the kernel reap the orphans that the first process inherits. */
export function setUpScript(folder: string, name: string): string[] {
  return ['/bin/sh', '-c', script, folder, name];
}
