import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { kubeconfigAccess } from '../../../src/platforms/kubernetes/client/access/kubeconfig-access.ts';
import { runProgram } from '../../../src/platforms/kubernetes/client/access/run-program.ts';
import { connectKube, type KubeConnection } from '../../../src/platforms/kubernetes/client/connect.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandom } from '../../../src/system/random.ts';
import { thingDefinition, things } from '../../../src/testing/kube-contract/things.ts';
import { eventually } from '../eventually.ts';
import { machineOf, type Cluster } from '../lifecycle/state.ts';
import { controlPlane } from '../machines/addresses.ts';

const read = async (file: string): Promise<string> => readFile(file, 'utf8');

/** Drowse's own client, by the kubeconfig of the administrator. */
export async function connectAdministrator(cluster: Cluster, fieldManager: string): Promise<KubeConnection> {
  const kubeconfig = path.join(machineOf(cluster, controlPlane.name).folder, 'pki/admin.kubeconfig');
  const deps = { read, run: runProgram, clock: systemClock };
  const access = await kubeconfigAccess([kubeconfig], null, deps);
  const world = { clock: systemClock, random: systemRandom };
  return connectKube({ access, ...world, fieldManager, userAgent: `${fieldManager}/test` });
}

/** Makes the custom resource of the contract known. */
export async function defineThings(cluster: Cluster): Promise<void> {
  const connection = await connectAdministrator(cluster, 'test');
  const { api } = connection;
  await api.raw('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', thingDefinition);
  await eventually(async () => api.list(things), {
    limitMs: 20_000,
    else: () => 'the API server does not serve the custom resource of the contract',
  });
  await connection.close();
}
