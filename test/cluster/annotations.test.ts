import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { reconcileAnnotations } from '../../src/platforms/kubernetes/annotations/reconcile-annotations.ts';
import type { KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { keyOf } from '../../src/platforms/kubernetes/client/object.ts';
import { statefulSets } from '../../src/platforms/kubernetes/client/resources.ts';
import { type ScaledApp, scaledApps } from '../../src/platforms/kubernetes/scaled-app/scaled-app.ts';
import { fails } from '../../src/testing/kube-contract/environment.ts';
import { eventually } from './eventually.ts';
import { installDefinitions } from './harness/definitions.ts';
import { connectAdministrator } from './harness/kube-client.ts';
import { createNamespace, type Namespace } from './harness/namespace.ts';
import { openCluster } from './harness/open-cluster.ts';
import { appsImage } from './images/names.ts';

const cluster = openCluster();

/** Everything that annotations can say at once. */
const annotations = {
  'drowse.dev/sleep-after': '1h30m',
  'drowse.dev/schedule': 'Mon-Fri 08:00-20:00 Europe/Berlin; asleep Sat-Sun 00:00-24:00 UTC',
  'drowse.dev/paused': 'true',
  'drowse.dev/min-replicas': '1',
  'drowse.dev/max-replicas': '3',
  'drowse.dev/max-concurrency': '4',
  'drowse.dev/services': 'web, web-admin',
  'drowse.dev/depends-on': 'db',
  'drowse.dev/hold-timeout': '90s',
  'drowse.dev/waiting-page': 'true',
  'drowse.dev/wake-timeout': '10m',
};

void describe('a StatefulSet with annotations, on a real API server', () => {
  let connection: KubeConnection;
  let space: Namespace;
  const key = () => ({ namespace: space.name, name: 'web' });

  before(async () => {
    await installDefinitions(cluster);
    connection = await connectAdministrator(cluster, 'drowse');
    space = await createNamespace(cluster);
    const labels = { app: 'web' };
    await space.apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web', annotations },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'app', image: appsImage, args: ['http'] }] },
        },
      },
    });
  });
  after(async () => {
    await space[Symbol.asyncDispose]();
    await connection.close();
  });

  /** Looks, decides, and writes. */
  async function reconcile(): Promise<ScaledApp> {
    const { api } = connection;
    const object = await api.get(statefulSets, key());
    const existing = await api.list(scaledApps, { namespace: space.name });
    const outcome = reconcileAnnotations({ kind: 'StatefulSet', object }, existing.items);
    assert.ok(outcome.apply !== null, JSON.stringify(outcome));
    const patch = { type: 'apply', object: outcome.apply, isForced: true } as const;
    return api.patch(scaledApps, keyOf(outcome.apply), patch);
  }

  test('has a ScaledApp that says all of it', async () => {
    const { spec } = await reconcile();
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' },
      sleepAfter: '1h30m',
      schedule: [{ awake: 'Mon-Fri 08:00-20:00 Europe/Berlin' }, { asleep: 'Sat-Sun 00:00-24:00 UTC' }],
      paused: true,
      minReplicas: 1,
      maxReplicas: 3,
      limits: { maxConcurrency: 4 },
      services: ['web', 'web-admin'],
      dependsOn: ['db'],
      hold: { timeout: '90s', waitingPage: true },
      wake: { timeout: '10m' },
    });
  });

  test('what the annotations say no more, the ScaledApp says no more; a second look changes nothing', async () => {
    const gone = Object.keys(annotations)
      .slice(1)
      .map((name) => `${name}-`);
    await space.kubectl('annotate', 'statefulset/web', ...gone);
    const changed = await reconcile();
    assert.deepEqual(Object.keys(changed.spec).toSorted(), ['scaleTargetRef', 'sleepAfter']);
    const again = await reconcile();
    assert.equal(again.metadata.resourceVersion, changed.metadata.resourceVersion);
  });

  test('takes its ScaledApp with it', async () => {
    await space.kubectl('delete', 'statefulset/web');
    await eventually(
      async () => {
        await fails(connection.api.get(scaledApps, key()), 'NotFound');
        return true;
      },
      { limitMs: 30_000, else: () => 'the ScaledApp outlives its workload' },
    );
  });
});
