import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cgroupOf, makeCgroup } from '../machines/cgroups.ts';
import type { Place } from '../machines/addresses.ts';
import { startComponent } from '../machines/component.ts';
import { runInMachine, type Machine } from '../machines/machine.ts';
import { cniConfig, cniFolder } from '../node/cni.ts';
import { containerd, containerdConfig, containerdSocket } from '../node/containerd.ts';
import { kubeProxy, kubeProxyConfig } from '../node/kube-proxy.ts';
import { kubelet, kubeletConfig } from '../node/kubelet.ts';
import { kubectl } from './kubectl.ts';
import { componentReady } from './ready.ts';
import { machineOf, type Cluster } from './state.ts';

/** Everything of a node that needs no API server: its files and containerd. */
export async function prepareNode({ machines, options }: Cluster, place: Place): Promise<void> {
  const machine = machineOf({ machines }, place.name);
  const cgroup = cgroupOf(options.name, place.name);
  await makeCgroup(cgroup);
  await mkdir(path.join(machine.folder, cniFolder), { recursive: true });
  await writeAll(machine, {
    [`${cniFolder}/10-pods.conflist`]: JSON.stringify(cniConfig(place)),
    'containerd.toml': containerdConfig(),
    'kubelet.json': JSON.stringify(kubeletConfig(cgroup)),
    'kube-proxy.json': JSON.stringify(kubeProxyConfig(place, options.proxy)),
  });
  await startComponent(machine, containerd);
  await componentReady(machine, 'containerd', () =>
    runInMachine(machine, 'ctr --address="$1" version', containerdSocket),
  );
}

/** Joins the cluster. */
export async function startNode({ machines, programs }: Cluster, place: Place): Promise<void> {
  const machine = machineOf({ machines }, place.name);
  await startComponent(machine, kubelet(programs.kubernetes, place));
  await startComponent(machine, kubeProxy(programs.kubernetes));
}

export async function nodeReady(cluster: Cluster, place: Place): Promise<void> {
  const machine = machineOf(cluster, place.name);
  const condition = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
  await componentReady(machine, 'kubelet', async () => {
    const ready = await kubectl(cluster, ['get', 'node', place.name, `--output=${condition}`]);
    if (ready !== 'True') throw new Error(`node ${place.name} is not Ready`);
  });
}

/** Puts images, each in the OCI layout, into containerd of a machine. */
export async function importImages(machine: Machine, layouts: readonly string[]): Promise<void> {
  const script =
    'tar --create --dereference --directory="$1" . | ctr --address="$2" --namespace=k8s.io images import -';
  for (const layout of layouts) await runInMachine(machine, script, layout, containerdSocket);
}

async function writeAll(machine: Machine, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(machine.folder, name), text);
}
