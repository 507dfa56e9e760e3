import { kubectl } from '../lifecycle/kubectl.ts';
import type { Cluster } from '../lifecycle/state.ts';

/** Makes the custom resources of Drowse known, from the files that ship. */
export async function installDefinitions(cluster: Cluster): Promise<void> {
  await kubectl(cluster, ['apply', '--server-side', '--force-conflicts', '--filename=deploy/crds']);
  await kubectl(cluster, ['wait', '--for=condition=Established', '--filename=deploy/crds', '--timeout=30s']);
}
