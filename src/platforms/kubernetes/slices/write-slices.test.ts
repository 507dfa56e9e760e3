import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { fails } from '../../../testing/kube-contract/environment.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { type EndpointSlice, endpointSlices, namespaces } from '../client/resources.ts';
import type { ResolvedService } from '../resolve/types.ts';
import type { Activator } from './activators.ts';
import { diffSlices } from './diff-slices.ts';
import type { SliceStage } from './endpoints.ts';
import { ourSlices } from './slice-names.ts';
import { wantedSlices } from './wanted-slices.ts';
import { writeSlices } from './write-slices.ts';

const namespace = 'shop';
const service: ResolvedService = {
  name: 'web',
  uid: 'uid-web',
  families: ['IPv4', 'IPv6'],
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'auto', appProtocol: null }],
};
const activators: readonly Activator[] = [1, 2].map((index) => ({
  namespace: 'drowse',
  name: `drowse-${index}`,
  uid: `uid-${index}`,
  addresses: [`10.0.0.${index}`, `fd00::${index}`],
  nodeName: 'node',
  zone: null,
  isReady: true,
  isEnding: false,
}));

class Stage {
  readonly world = new KubeWorld(1);
  readonly api: KubeApi = this.world.client('drowse');
  readonly other: KubeApi = this.world.client('somebody');

  async open(): Promise<this> {
    await this.world.settle(this.api.create(namespaces, { metadata: { name: namespace } }));
    return this;
  }

  async found(): Promise<readonly EndpointSlice[]> {
    const list = this.api.list(endpointSlices, { namespace, labelSelector: ourSlices });
    return (await this.world.settle(list)).items;
  }

  /** One round: look, decide, write. True when there was something to do. */
  async round(stage: SliceStage, found?: readonly EndpointSlice[]): Promise<boolean> {
    const seen = found ?? (await this.found());
    const activatorPorts = new Map([['web:80', 20_000]]);
    const wish = { namespace, app: 'web', services: [service], activatorPorts, activators, stage };
    const changes = diffSlices(wantedSlices(wish, seen), seen);
    await this.world.settle(writeSlices(this.api, changes));
    return changes.apply.length + changes.remove.length > 0;
  }
}

const isReady = ({ endpoints }: EndpointSlice) =>
  (endpoints ?? []).map(({ conditions }) => conditions?.ready);

void test('what the server answers is what was meant: a second round has nothing to do', async () => {
  const stage = await new Stage().open();
  for (const [to, count] of [
    ['ready', 2],
    ['leaving', 2],
    ['ready', 2],
    ['leaving', 2],
    ['absent', 0],
  ] as const) {
    assert.equal(await stage.round(to), true, to);
    assert.equal(await stage.round(to), false, `${to} again`);
    assert.equal((await stage.found()).length, count);
  }
});

void test('what somebody else changes is put back, and what they add is left', async () => {
  const stage = await new Stage().open();
  await stage.round('ready');
  const key = { namespace, name: 'web-drowse-ipv4' };
  const body = { endpoints: [], metadata: { labels: { team: 'a' } } };
  await stage.world.settle(stage.other.patch(endpointSlices, key, { type: 'merge', body }));
  assert.equal(await stage.round('ready'), true);
  const slice = (await stage.found()).find(({ metadata }) => metadata.name === key.name);
  assert.deepEqual(slice && isReady(slice), [true, true]);
  assert.equal(slice?.metadata.labels?.['team'], 'a');
});

void test('what is deleted is what was seen: a late leader takes nothing away that is in use', async () => {
  const stage = await new Stage().open();
  await stage.round('ready');
  await stage.round('leaving');
  const seen = await stage.found();
  await stage.round('ready');
  await stage.round('absent', seen);
  assert.deepEqual((await stage.found()).flatMap(isReady), [true, true, true, true]);
});

void test('what is gone already is no failure; anything else is told', async () => {
  const stage = await new Stage().open();
  await stage.round('leaving');
  const seen = await stage.found();
  await stage.round('absent');
  await stage.round('absent', seen);
  assert.deepEqual(await stage.found(), []);
  stage.world.faults.next(null, { kind: 'answer', status: 500, hasEffect: false });
  await fails(stage.round('ready'), 'InternalError');
  assert.equal((await stage.found()).length, 1, 'the other is there');
  assert.equal(await stage.round('ready'), true);
  assert.equal((await stage.found()).length, 2);
});
