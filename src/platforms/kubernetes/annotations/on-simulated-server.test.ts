import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { scaledAppKind } from '../../../testing/kube/scaled-app-kind.ts';
import { keyOf } from '../client/object.ts';
import { deployments, namespaces } from '../client/resources.ts';
import { statusOf } from '../client/resource.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { reconcileAnnotations } from './reconcile-annotations.ts';

const key = { namespace: 'shop', name: 'web' };

/** A Deployment in a simulated cluster, and who looks at its annotations. */
class Stage {
  readonly world = new KubeWorld(1, { kinds: [scaledAppKind] });
  readonly api = this.world.client('drowse');
  readonly human = this.world.client('kubectl');

  async open(): Promise<this> {
    const spec = { selector: {}, template: { spec: { containers: [{ name: 'app', image: 'x' }] } } };
    await this.world.settle(this.human.create(namespaces, { metadata: { name: key.namespace } }));
    await this.world.settle(this.human.create(deployments, { metadata: key, spec }));
    return this;
  }

  async annotate(annotations: Readonly<Record<string, string | null>>): Promise<void> {
    const body = { metadata: { annotations } };
    await this.world.settle(this.human.patch(deployments, key, { type: 'merge', body }));
  }

  async look(): Promise<readonly ScaledApp[]> {
    const object = await this.world.settle(this.api.get(deployments, key));
    const { apply, remove } = reconcileAnnotations({ kind: 'Deployment', object }, await this.apps());
    if (apply !== null) {
      const patch = { type: 'apply', object: apply, isForced: true } as const;
      await this.world.settle(this.api.patch(scaledApps, keyOf(apply), patch));
    }
    for (const name of remove) await this.world.settle(this.api.delete(scaledApps, { ...key, name }));
    return this.apps();
  }

  async apps(): Promise<readonly ScaledApp[]> {
    return (await this.world.settle(this.api.list(scaledApps, { namespace: key.namespace }))).items;
  }
}

void test('annotations come, change and go, and the ScaledApp with them; its status stays', async () => {
  const stage = await new Stage().open();
  assert.deepEqual(await stage.look(), []);
  await stage.annotate({ 'drowse.dev/sleep-after': '15m', 'drowse.dev/services': 'a, b' });
  const [made] = await stage.look();
  assert.deepEqual([made?.spec.sleepAfter, made?.spec.services], ['15m', ['a', 'b']]);
  const body = { status: { savedReplicas: 3 } };
  await stage.world.settle(stage.api.patch(statusOf(scaledApps), key, { type: 'merge', body }));
  await stage.annotate({ 'drowse.dev/services': null, 'drowse.dev/sleep-after': '1h' });
  const [changed] = await stage.look();
  assert.deepEqual(
    [changed?.spec.sleepAfter, changed?.spec.services, changed?.status?.savedReplicas],
    ['1h', undefined, 3],
  );
  const [again] = await stage.look();
  assert.equal(again?.metadata.resourceVersion, changed?.metadata.resourceVersion);
  await stage.annotate({ 'drowse.dev/sleep-after': '1 hour' });
  assert.equal((await stage.look()).length, 1, 'a slip of the pen');
  await stage.annotate({ 'drowse.dev/sleep-after': null });
  assert.deepEqual(await stage.look(), []);
});

void test('once somebody writes a ScaledApp for the target, that of the annotations goes', async () => {
  const stage = await new Stage().open();
  await stage.annotate({ 'drowse.dev/sleep-after': '15m' });
  await stage.look();
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const mine = { metadata: { ...key, name: 'mine' }, spec: { scaleTargetRef } };
  await stage.world.settle(stage.human.create(scaledApps, mine));
  assert.deepEqual(
    (await stage.look()).map(({ metadata }) => metadata.name),
    ['mine'],
  );
});

void test('lists are merged as the definition says', () => {
  assert.deepEqual(scaledAppKind.lists['status.activatorPorts'], ['service', 'port']);
  assert.deepEqual(scaledAppKind.lists['spec.dependsOn'], []);
  assert.equal(scaledAppKind.lists['spec.schedule'], undefined);
});
