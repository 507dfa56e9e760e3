import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Programs of the machine that a cluster is made with, and one plugin that stands for its package. */
const needed = [
  'containerd',
  'runc',
  'ctr',
  'ip',
  'nft',
  'iptables',
  'conntrack',
  'nsenter',
  'unshare',
  'openssl',
  'tar',
];

/** What a shell that became root by `su` leaves out. */
export function withSystemFolders(searched = ''): string {
  return [searched, '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
}

/** Throws what is missing, and how to get it. */
export function checkRequirements(): void {
  if (process.platform !== 'linux')
    throw new Error('A cluster of this kind needs Linux: it is made of namespaces');
  if (process.getuid?.() !== 0) {
    throw new Error('A cluster needs root: it makes network namespaces and runs containers. Use sudo.');
  }
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = needed.filter((name) => !folders.some((folder) => isExecutable(path.join(folder, name))));
  if (!isExecutable('/usr/lib/cni/ptp')) missing.push('containernetworking-plugins');
  if (missing.length === 0) return;
  throw new Error(`Missing: ${missing.join(', ')}. Run: sudo .ci/install-cluster-tools (Debian and Ubuntu)`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
