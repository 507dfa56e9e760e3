import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../real/programs.ts';
import { auditPolicy } from '../control-plane/audit-policy.ts';
import { apiServer, controllerManager, etcd, scheduler } from '../control-plane/components.ts';
import { controlPlane } from '../machines/addresses.ts';
import { startComponent } from '../machines/component.ts';
import { inNetworkOf } from '../machines/machine.ts';
import { kubectl } from './kubectl.ts';
import { componentReady } from './ready.ts';
import { machineOf, type Cluster } from './state.ts';

/** Starts etcd and the API server, and what works on them; resolves when they do. */
export async function startControlPlane(cluster: Cluster): Promise<void> {
  const machine = machineOf(cluster, controlPlane.name);
  const { apps, kubernetes } = cluster.programs;
  await writeFile(path.join(machine.folder, 'audit-policy.json'), JSON.stringify(auditPolicy));
  await startComponent(machine, etcd(kubernetes));
  const health = [apps, 'get', 'http://127.0.0.1:2379/health'];
  await componentReady(machine, 'etcd', () => run(inNetworkOf(machine, health)));
  await startComponent(machine, apiServer(kubernetes));
  await componentReady(machine, 'kube-apiserver', () => kubectl(cluster, ['get', '--raw', '/readyz']));
  await startComponent(machine, controllerManager(kubernetes));
  await startComponent(machine, scheduler(kubernetes));
}

/** The controller manager works once it has made what every namespace has; the scheduler shows by the first pod. */
export async function controllersReady(cluster: Cluster): Promise<void> {
  const machine = machineOf(cluster, controlPlane.name);
  await componentReady(machine, 'kube-controller-manager', () =>
    kubectl(cluster, ['get', 'serviceaccount', 'default', '--namespace=kube-system']),
  );
}
