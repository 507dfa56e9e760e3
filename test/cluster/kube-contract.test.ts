import { before } from 'node:test';
import { systemClock } from '../../src/system/clock.ts';
import { systemRandom } from '../../src/system/random.ts';
import type { ContractCluster } from '../../src/testing/kube-contract/environment.ts';
import { kubeContract } from '../../src/testing/kube-contract/kube-contract.ts';
import { connectAdministrator, defineThings } from './harness/kube-client.ts';
import { openCluster } from './harness/open-cluster.ts';

const cluster = openCluster();

/** Two clients of the real API server. */
async function open(): Promise<ContractCluster> {
  const drowse = await connectAdministrator(cluster, 'drowse');
  const other = await connectAdministrator(cluster, 'somebody');
  return {
    clock: systemClock,
    random: systemRandom,
    client: (fieldManager) => (fieldManager === 'drowse' ? drowse : other).api,
    run: async (body) => body(),
    close: async () => void (await Promise.all([drowse.close(), other.close()])),
  };
}

before(async () => defineThings(cluster));

kubeContract({ name: 'real', open });
