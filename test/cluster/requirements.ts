import { findProgram } from './find-program.ts';
import { pluginFolder } from './node/cni.ts';

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

/** Throws what is missing, and how to get it. */
export function checkRequirements(
  { platform, uid } = { platform: process.platform as string, uid: process.getuid?.() },
): void {
  if (platform !== 'linux') throw new Error('A cluster of this kind needs Linux: it is made of namespaces');
  if (uid !== 0) {
    throw new Error('A cluster needs root: it makes network namespaces and runs containers. Use sudo.');
  }
  const missing = needed.filter((name) => findProgram(name) === null);
  if (findProgram('ptp', pluginFolder) === null) missing.push('containernetworking-plugins');
  if (missing.length === 0) return;
  throw new Error(`Missing: ${missing.join(', ')}. Run: sudo .ci/install-cluster-tools (Debian and Ubuntu)`);
}
