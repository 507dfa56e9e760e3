import path from 'node:path';
import { checkAbilities } from '../abilities.ts';
import { buildPrograms } from '../build/programs.ts';
import { createCredentials } from '../control-plane/credentials.ts';
import { stateFolder } from '../folders.ts';
import { controlPlane, places } from '../machines/addresses.ts';
import { startMachine, type Machine } from '../machines/machine.ts';
import { connect } from '../machines/network.ts';
import type { Options } from '../options.ts';
import { say } from '../say.ts';
import { dnsReady, startDns } from './dns.ts';
import { kubectl } from './kubectl.ts';
import { loadImages } from './load-images.ts';
import { controllersReady, startControlPlane } from './start-control-plane.ts';
import { nodeReady, prepareNode, startNode } from './start-node.ts';
import { machineFolderOf, machineOf, readCluster, writeCluster, type Cluster } from './state.ts';
import { takeDown } from './take-down.ts';

/** The cluster of these options: the one that is up, or a new one. Throws when one of other options has the name. */
export async function bringUp(options: Options, interrupted: AbortSignal): Promise<Cluster> {
  const current = await living(options.name);
  if (current !== null) return reuse(options, current);
  await takeDown(options.name);
  await checkAbilities();
  const programs = await buildPrograms(options.kubernetes);
  const folder = stateFolder(options.name);
  const began = performance.now();
  const cluster = { options, programs, folder, machines: await startMachines(folder, interrupted) };
  await assemble(cluster, interrupted);
  await writeCluster(cluster);
  say(`up in ${((performance.now() - began) / 1000).toFixed(1)} s; ${kubectlHint(cluster)}`);
  return cluster;
}

/** One whose machines all run and whose API server answers. */
async function living(name: string): Promise<Cluster | null> {
  const cluster = readCluster(name);
  if (cluster === null) return null;
  const answer = kubectl(cluster, ['get', '--raw', '/readyz', '--request-timeout=5s']);
  return answer.then(
    () => cluster,
    () => null,
  );
}

/** One of the same kind serves again, with Drowse as it is now. */
async function reuse(options: Options, current: Cluster): Promise<Cluster> {
  const { kubernetes, proxy } = current.options;
  if (kubernetes !== options.kubernetes || proxy !== options.proxy) {
    throw new Error(
      `A cluster ${options.name} with Kubernetes ${kubernetes} and ${proxy} is up. Take it down first (npm run cluster:down), or give this one a --name of its own.`,
    );
  }
  await loadImages(current);
  say(`${options.name} is up already; ${kubectlHint(current)}`);
  return current;
}

async function startMachines(folder: string, interrupted: AbortSignal): Promise<Map<string, Machine>> {
  const machines = new Map<string, Machine>();
  for (const { name } of places) {
    interrupted.throwIfAborted();
    machines.set(name, await startMachine(machineFolderOf(folder, name)));
  }
  return machines;
}

async function assemble(cluster: Cluster, interrupted: AbortSignal): Promise<void> {
  await createCredentials(path.join(cluster.folder, 'pki'), (name) => machineFolderOf(cluster.folder, name));
  await connect(cluster.machines);
  await Promise.all([startControlPlane(cluster), prepareNodes(cluster)]);
  interrupted.throwIfAborted();
  await Promise.all(places.map((place) => startNode(cluster, place)));
  await controllersReady(cluster);
  await startDns(cluster);
  await Promise.all(places.map((place) => nodeReady(cluster, place)));
  interrupted.throwIfAborted();
  await dnsReady(cluster);
}

async function prepareNodes(cluster: Cluster): Promise<void> {
  await Promise.all(places.map((place) => prepareNode(cluster, place)));
  await loadImages(cluster);
}

function kubectlHint({ programs, machines }: Cluster): string {
  const machine = machineOf({ machines }, controlPlane.name);
  return `ask it with: KUBECONFIG=${machine.folder}/pki/admin.kubeconfig nsenter --target ${machine.pid} --net ${programs.kubernetes} kubectl get pods -A`;
}
