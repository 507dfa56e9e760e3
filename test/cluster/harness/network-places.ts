import { run } from '../../real/programs.ts';
import { machineOf, type Cluster } from '../lifecycle/state.ts';
import { inMachine, inNetworkOf, runInMachine } from '../machines/machine.ts';
import { containerdSocket } from '../node/containerd.ts';

/** Makes a command run in somebody's network namespace. */
export type NetworkPlace = (argv: readonly string[]) => string[];

export function networkOfMachine(cluster: Cluster, name: string): NetworkPlace {
  return (argv) => inNetworkOf(machineOf(cluster, name), argv);
}

/** The network of a pod, with the files of its node: what runs there need not be in the pod's image. */
export async function networkOfPod(cluster: Cluster, pod: PodPlace): Promise<NetworkPlace> {
  const machine = machineOf(cluster, pod.spec.nodeName);
  const script = `ids=$(ctr --address="$1" --namespace=k8s.io containers list --quiet "labels.\\"io.kubernetes.pod.uid\\"==$2")
    ctr --address="$1" --namespace=k8s.io tasks list | awk -v ids="$ids" 'index(ids, $1) && $3 == "RUNNING" { print $2; exit }'`;
  const pid = await runInMachine(machine, script, containerdSocket, pod.metadata.uid);
  if (pid === '') throw new Error(`Pod ${pod.metadata.name} has no running container`);
  return (argv) => inMachine(machine, inNetworkOf({ pid: Number(pid) }, argv));
}

/** What is used of a pod. */
export interface PodPlace {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName: string };
}

/** The answer to one request from there, or an error that says what the client saw. */
export function get(cluster: Cluster, place: NetworkPlace, url: string): Promise<string> {
  return run(place([cluster.programs.apps, 'get', url]));
}

/** An address and a port as they stand in a URL. */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
