import { clusterVariable } from '../lifecycle/run-tests.ts';
import { readCluster, type Cluster } from '../lifecycle/state.ts';

/** The cluster that this test runs in. */
export function openCluster(): Cluster {
  const cluster = readCluster(process.env[clusterVariable] ?? '');
  if (cluster === null) {
    throw new Error(
      'No cluster: run this by `npm run test:cluster -- FILE`, which brings one up where none is',
    );
  }
  return cluster;
}
