import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import { kubeconfigAccess } from '../../src/platforms/kubernetes/client/access/kubeconfig-access.ts';
import { runProgram } from '../../src/platforms/kubernetes/client/access/run-program.ts';
import { connectKube, type KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { systemClock } from '../../src/system/clock.ts';
import { systemRandom } from '../../src/system/random.ts';
import type { ContractCluster } from '../../src/testing/kube-contract/environment.ts';
import { kubeContract } from '../../src/testing/kube-contract/kube-contract.ts';
import { thingDefinition, things } from '../../src/testing/kube-contract/things.ts';
import { eventually } from './eventually.ts';
import { openCluster } from './harness/open-cluster.ts';
import { machineOf } from './lifecycle/state.ts';
import { controlPlane } from './machines/addresses.ts';

const { folder } = machineOf(openCluster(), controlPlane.name);
const read = async (file: string): Promise<string> => readFile(file, 'utf8');

const deps = { read, run: runProgram, clock: systemClock };
const kubeconfig = path.join(folder, 'pki/admin.kubeconfig');
const world = { clock: systemClock, random: systemRandom };

async function connect(fieldManager: string): Promise<KubeConnection> {
  const access = await kubeconfigAccess([kubeconfig], null, deps);
  return connectKube({ access, ...world, fieldManager, userAgent: `${fieldManager}/test` });
}

/** Two clients of the real API server, by the kubeconfig of its administrator. */
async function open(): Promise<ContractCluster> {
  const [drowse, other] = [await connect('drowse'), await connect('somebody')];
  return {
    ...world,
    client: (fieldManager) => (fieldManager === 'drowse' ? drowse : other).api,
    run: async (body) => body(),
    close: async () => void (await Promise.all([drowse.close(), other.close()])),
  };
}

before(async () => {
  const connection = await connect('test');
  const { api } = connection;
  await api.raw('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', thingDefinition);
  await eventually(async () => api.list(things), {
    limitMs: 20_000,
    else: () => 'the API server does not serve the custom resource of the contract',
  });
  await connection.close();
});

kubeContract({ name: 'real', open });
