import path from 'node:path';
import { run, type RunOptions } from '../../real/programs.ts';
import { controlPlane } from '../machines/addresses.ts';
import { inNetworkOf } from '../machines/machine.ts';
import { machineOf, type Cluster } from './state.ts';

/** Runs kubectl of the cluster's version as its administrator, in the network of the control plane. */
export function kubectl(
  cluster: Pick<Cluster, 'machines' | 'programs'>,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const machine = machineOf(cluster, controlPlane.name);
  const kubeconfig = `--kubeconfig=${path.join(machine.folder, 'pki/admin.kubeconfig')}`;
  return run(inNetworkOf(machine, [cluster.programs.kubernetes, 'kubectl', kubeconfig, ...argv]), options);
}
