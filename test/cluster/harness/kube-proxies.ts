import { machineOf, type Cluster } from '../lifecycle/state.ts';
import { signalComponent } from '../machines/component.ts';

/** Stops the kube-proxy of one machine, as if it hung: its rules stay as they are. Disposing of the answer lets it go on. */
export async function stopKubeProxy(cluster: Cluster, machineName: string): Promise<AsyncDisposable> {
  const machine = machineOf(cluster, machineName);
  await signalComponent(machine, 'kube-proxy', 'STOP');
  return {
    [Symbol.asyncDispose]: () => signalComponent(machine, 'kube-proxy', 'CONT'),
  };
}
