import path from 'node:path';
import { sources } from '../folders.ts';
import { kubectl } from './kubectl.ts';
import { readyLimitMs } from './ready.ts';
import type { Cluster } from './state.ts';

const deployment = ['deployment/coredns', '--namespace=kube-system'];

export async function startDns(cluster: Cluster): Promise<void> {
  await kubectl(cluster, ['apply', `--filename=${path.join(sources, 'manifests/coredns.yaml')}`]);
}

/** Resolves when CoreDNS answers. What it says when it does not is the pods' own account: scheduling, images, probes. */
export async function dnsReady(cluster: Cluster): Promise<void> {
  try {
    const wait = ['rollout', 'status', ...deployment, `--timeout=${readyLimitMs / 1000}s`];
    await kubectl(cluster, wait, { limitMs: readyLimitMs + 10_000 });
  } catch (error) {
    const pods = await kubectl(cluster, ['describe', 'pods', '--namespace=kube-system']);
    const logs = path.join(cluster.folder, 'machines/*/log');
    throw new Error(`CoreDNS does not come up. Logs are in ${logs}; the pods:\n${pods}`, { cause: error });
  }
}
