import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './eventually.ts';
import { deploymentOf, serviceOf } from './harness/app-manifests.ts';
import { stopKubeProxy } from './harness/kube-proxies.ts';
import { createNamespace } from './harness/namespace.ts';
import { get, networkOfMachine } from './harness/network-places.ts';
import { openCluster } from './harness/open-cluster.ts';

const cluster = openCluster();

test('a node whose kube-proxy is stopped does not learn of a new Service, and does when it goes on', async () => {
  await using space = await createNamespace(cluster);
  await space.apply(deploymentOf({ name: 'web', replicas: 1, args: ['http'], port: 8080 }));
  await space.rolledOut('web');
  const ask = (node: string) => get(cluster, networkOfMachine(cluster, node), url);
  let url = '';
  {
    await using _stopped = await stopKubeProxy(cluster, 'node-1');
    await space.apply(serviceOf('web', 80, 8080));
    const { spec } = await space.get<{ spec: { clusterIP: string } }>('service', 'web');
    url = `http://${spec.clusterIP}/`;
    await eventually(() => ask('node-2'), { limitMs: 20_000, else: (last) => `node-2: ${String(last)}` });
    // As long again as kube-proxy waits at most before it applies a change (its minSyncPeriod).
    await delay(1_500);
    await assert.rejects(ask('node-1'));
  }
  await eventually(() => ask('node-1'), { limitMs: 20_000, else: (last) => `node-1: ${String(last)}` });
});
