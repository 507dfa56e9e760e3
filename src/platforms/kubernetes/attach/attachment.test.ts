import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { web } from '../../../testing/kube/actors/actor-world.ts';
import { healthy } from '../../../testing/kube/actors/pod-behaviour.ts';
import { AttachWorld } from '../../../testing/kube/attach-world.ts';
import { deployments } from '../client/resources.ts';
import { ReplicaCount } from '../scale/replica-count.ts';
import type { SwitchConfig } from '../switching/types.ts';

const config: SwitchConfig = {
  takesPodsOut: true,
  maxPutBacks: 5,
  unseenNodes: 'wait',
  retireMs: 5_000,
  reassertMs: 2_000,
};

const visitEveryMs = 5;

function countOf(world: AttachWorld): ReplicaCount {
  return new ReplicaCount({
    api: world.cluster.api,
    resource: deployments,
    key: web,
    peek: () => null,
  });
}

/** As the handover does it: the pods go when the activators hold, and nobody is held any more when there are pods. */
async function sleep(world: AttachWorld, replicas: number): Promise<void> {
  world.attachment.want('hold');
  assert.ok(await world.until(() => world.told === 'hold'), `stuck at ${world.attachment.state.step}`);
  await world.cluster.done(countOf(world).lower(replicas, 0));
  assert.ok(await world.until(() => world.present() === 0));
}

async function wake(world: AttachWorld, replicas: number): Promise<void> {
  await world.cluster.done(countOf(world).raise(replicas));
  assert.ok(await world.until(() => world.serving() === replicas));
  world.attachment.want('direct');
  const isDirect = (): boolean => world.attachment.state.step === 'direct' && world.ourSlices().length === 0;
  assert.ok(await world.until(isDirect), `stuck at ${world.attachment.state.step}`);
}

describe('an app that is attached as it is', () => {
  for (const seed of [1, 2, 3, 4]) {
    test(`loses no connection from any node when it sleeps and wakes, though it ends at once (seed ${seed})`, async () => {
      const world = await AttachWorld.started(seed, 2, config);
      world.visitAlways(visitEveryMs);
      for (let cycle = 0; cycle < 3; cycle += 1) {
        await sleep(world, 2);
        await world.cluster.run(2_000);
        await wake(world, 2);
        await world.cluster.run(3_000);
      }
      assert.deepEqual(world.lost, []);
      assert.ok(world.visits.length > 10_000);
      assert.deepEqual(new Set(world.visits.map(({ to }) => to)), new Set(['pod', 'activator']));
      await world.cluster.stop();
    });
  }

  test('loses none of a node whose kube-proxy hangs: the way down waits for it', async () => {
    const world = await AttachWorld.started(5, 1, config);
    world.visitAlways(visitEveryMs);
    const [proxy] = world.cluster.proxies;
    proxy?.freeze();
    world.attachment.want('hold');
    await world.cluster.run(10_000);
    assert.deepEqual([world.told, world.attachment.state.step], ['direct', 'joining']);
    assert.deepEqual(world.attachment.state.unseen, ['node-1']);
    proxy?.thaw();
    await sleep(world, 1);
    await world.cluster.run(1_000);
    assert.deepEqual(world.lost, []);
    await world.cluster.stop();
  });

  test('turns around at any moment without loss, and gives its pods back', async () => {
    for (let atMs = 0; atMs < 4_000; atMs += 400) {
      const world = await AttachWorld.started(6 + atMs, 1, config);
      world.visitAlways(visitEveryMs);
      world.attachment.want('hold');
      await world.cluster.run(atMs);
      world.attachment.want('direct');
      const back = (): boolean => world.attachment.state.step === 'direct' && world.ourSlices().length === 0;
      assert.ok(await world.until(back), `${atMs} ms: ${world.attachment.state.step}`);
      assert.deepEqual([world.attachment.state.pods.ready, world.lost], [1, []]);
      await world.cluster.stop();
    }
  });

  test('without the right to take pods out the end of the pods cuts some off: what the documentation says', async () => {
    const world = await AttachWorld.started(7, 2, { ...config, takesPodsOut: false });
    world.visitAlways(visitEveryMs);
    await sleep(world, 2);
    assert.ok(world.lost.length > 0);
    await world.cluster.stop();
  });

  test('is answered for when its last pod dies, until another one serves', async () => {
    const world = await AttachWorld.started(8, 1, config);
    world.cluster.behaviour = { ...healthy, startMs: 4_000 };
    const [pod] = await world.cluster.pods();
    await world.cluster.done(
      world.cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas: 0 } } }),
    );
    assert.ok(await world.until(() => world.present() === 0));
    assert.ok(await world.until(() => world.attachment.state.step === 'bridging'));
    await world.cluster.run(1_500);
    world.visitAlways(visitEveryMs);
    await wake(world, 1);
    assert.deepEqual(world.lost, []);
    assert.notEqual((await world.cluster.pods())[0]?.metadata.uid, pod?.metadata.uid);
    await world.cluster.stop();
  });

  test('is in the hands of its pods alone when no activator is left', async () => {
    const world = await AttachWorld.started(9, 1, config);
    world.visitAlways(visitEveryMs);
    world.attachment.want('hold');
    assert.ok(await world.until(() => world.told === 'hold'));
    world.activators = world.activators.map((activator) => ({ ...activator, isReady: false }));
    world.attachment.changed();
    assert.ok(await world.until(() => world.attachment.state.pods.ready === 1));
    assert.equal(world.told, 'direct');
    await world.cluster.stop();
  });

  test('is taken over by the next leader as it is found', async () => {
    const world = await AttachWorld.started(10, 1, config);
    world.attachment.want('hold');
    assert.ok(await world.until(() => world.told === 'hold'));
    world.attachment.stop();
    const next = world.attachAgain();
    assert.equal(next.state.step, 'bridging');
    world.visitAlways(visitEveryMs);
    const back = (): boolean => next.state.step === 'direct' && world.ourSlices().length === 0;
    assert.ok(await world.until(back), next.state.step);
    assert.deepEqual(world.lost, []);
    await world.cluster.stop();
  });
});
