import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { buildPrograms } from '../build/programs.ts';
import { createCredentials } from '../control-plane/credentials.ts';
import { stateFolder } from '../folders.ts';
import { packImages } from '../images/pack-images.ts';
import { places } from '../machines/addresses.ts';
import { startMachine, type Machine } from '../machines/machine.ts';
import { connect } from '../machines/network.ts';
import type { Options } from '../options.ts';
import { say } from '../say.ts';
import { dnsReady, startDns } from './dns.ts';
import { kubectl } from './kubectl.ts';
import { controllersReady, startControlPlane } from './start-control-plane.ts';
import { importImages, nodeReady, prepareNode, startNode } from './start-node.ts';
import { machineFolderOf, machineOf, readCluster, writeCluster, type Cluster } from './state.ts';
import { takeDown } from './take-down.ts';

/** The cluster of these options: the one that is up, or a new one. Throws when one of other options has the name. */
export async function bringUp(options: Options, interrupted: AbortSignal): Promise<Cluster> {
  const current = await living(options.name);
  if (current !== null) return sameAs(options, current);
  await takeDown(options.name);
  say(`programs for Kubernetes ${options.kubernetes} (the first time takes up to 15 minutes)`);
  const programs = await buildPrograms(options.kubernetes);
  const folder = stateFolder(options.name);
  await mkdir(path.join(folder, 'images'), { recursive: true });
  const began = performance.now();
  const images = await packImages(programs, path.join(folder, 'images'));
  const cluster = { options, programs, folder, machines: await startMachines(folder, interrupted) };
  await assemble(cluster, images, interrupted);
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

function sameAs(options: Options, current: Cluster): Cluster {
  const { kubernetes, proxy } = current.options;
  if (kubernetes === options.kubernetes && proxy === options.proxy) return current;
  throw new Error(
    `A cluster ${options.name} with Kubernetes ${kubernetes} and ${proxy} is up. Take it down first (npm run cluster:down), or give this one a --name of its own.`,
  );
}

async function startMachines(folder: string, interrupted: AbortSignal): Promise<Map<string, Machine>> {
  const machines = new Map<string, Machine>();
  for (const { name } of places) {
    interrupted.throwIfAborted();
    machines.set(name, await startMachine(machineFolderOf(folder, name)));
  }
  return machines;
}

async function assemble(
  cluster: Cluster,
  images: readonly string[],
  interrupted: AbortSignal,
): Promise<void> {
  await createCredentials(path.join(cluster.folder, 'pki'), (name) => machineFolderOf(cluster.folder, name));
  await connect(cluster.machines);
  const controlPlane = startControlPlane(cluster);
  await Promise.all([controlPlane, ...places.map((place) => prepareNode(cluster, place))]);
  interrupted.throwIfAborted();
  await Promise.all(places.map((place) => startNode(cluster, place)));
  const imports = places.map(({ name }) => importImages(machineOf(cluster, name), images));
  await Promise.all([controllersReady(cluster), startDns(cluster), ...imports]);
  interrupted.throwIfAborted();
  await Promise.all(places.map((place) => nodeReady(cluster, place)));
  await dnsReady(cluster);
}

function kubectlHint({ programs, machines }: Cluster): string {
  const machine = machineOf({ machines }, 'control-plane');
  return `ask it with: KUBECONFIG=${machine.folder}/pki/admin.kubeconfig nsenter --target ${machine.pid} --net ${programs.kubernetes} kubectl get pods -A`;
}
