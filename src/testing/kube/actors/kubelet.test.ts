import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf } from '../../../platforms/kubernetes/client/resource.ts';
import { deployments, type Pod, pods } from '../../../platforms/kubernetes/client/resources.ts';
import { ActorWorld, namespace, web } from './actor-world.ts';
import { healthy } from './pod-behaviour.ts';
import { conditionOf, isReady } from './pods.ts';

async function onlyPod(cluster: ActorWorld): Promise<Pod> {
  const [pod] = await cluster.pods();
  assert.ok(pod, 'there is no pod');
  return pod;
}

const waitingOf = ({ status }: Pod): string | undefined =>
  status?.containerStatuses?.[0]?.state?.waiting?.reason;

const accepts = (cluster: ActorWorld, pod: Pod): boolean =>
  cluster.kubelets.some((kubelet) => kubelet.accepts(pod.status?.podIP ?? ''));

async function endIt(cluster: ActorWorld): Promise<void> {
  const pod = await onlyPod(cluster);
  await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas: 0 } } }));
  await cluster.run(100);
  assert.ok((await onlyPod(cluster)).metadata.uid === pod.metadata.uid);
}

test('a pod has an address with its container, takes connections, and is ready after that', async () => {
  const cluster = await ActorWorld.started();
  cluster.behaviour = { ...healthy, startMs: 400, listenMs: 1_000, readyMs: 1_000 };
  await cluster.deploy(1);
  await cluster.run(300);
  const created = await onlyPod(cluster);
  assert.deepEqual([waitingOf(created), created.status?.podIP], ['ContainerCreating', undefined]);
  await cluster.run(400);
  const running = await onlyPod(cluster);
  assert.match(running.status?.podIP ?? '', /^10\.201\.[12]\.\d+$/u);
  assert.deepEqual(
    [running.status?.phase, isReady(running), accepts(cluster, running)],
    ['Running', false, false],
  );
  await cluster.run(1_200);
  assert.deepEqual([isReady(await onlyPod(cluster)), accepts(cluster, running)], [false, true]);
  await cluster.run(1_000);
  assert.ok(isReady(await onlyPod(cluster)));
});

test('readiness that somebody else takes away is given back at the next sync, within ten seconds', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(1);
  await cluster.run(2_000);
  const pod = await onlyPod(cluster);
  const key = { namespace, name: pod.metadata.name ?? '' };
  const body = { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Parked' }] } };
  const taken = await cluster.done(cluster.api.patch(statusOf(pods), key, { type: 'strategic', body }));
  assert.equal(conditionOf(taken, 'Ready')?.reason, 'Parked');
  let heldForMs = 0;
  while (!isReady(await onlyPod(cluster))) {
    await cluster.run(100);
    heldForMs += 100;
  }
  assert.ok(heldForMs > 100 && heldForMs <= 10_100, `${heldForMs} ms`);
  assert.ok(accepts(cluster, pod));
});

test('the grace is kept: an app that ends in time is gone then, one that does not at its end', async () => {
  for (const [exitMs, goneAfterMs] of [
    [3_000, 3_000],
    [60_000, 10_000],
  ] as const) {
    const cluster = await ActorWorld.started();
    cluster.behaviour = { ...healthy, exitMs };
    await cluster.deploy(1);
    await cluster.run(2_000);
    await endIt(cluster);
    await cluster.run(goneAfterMs - 500);
    assert.ok(isReady(await onlyPod(cluster)));
    await cluster.run(1_000);
    assert.equal((await cluster.pods()).length, 0);
  }
});

test('after SIGTERM an app takes connections if it serves on, and none if it does not', async () => {
  for (const servesOn of [true, false]) {
    const cluster = await ActorWorld.started();
    cluster.behaviour = { ...healthy, exitMs: 3_000, servesOn };
    await cluster.deploy(1);
    await cluster.run(2_000);
    await endIt(cluster);
    assert.equal(accepts(cluster, await onlyPod(cluster)), servesOn);
  }
});

test('a pod that crashes is started again, later and later', async () => {
  const cluster = await ActorWorld.started();
  cluster.behaviour = { ...healthy, crashAfterMs: 500 };
  await cluster.deploy(1);
  await cluster.run(3_000);
  const crashed = await onlyPod(cluster);
  assert.deepEqual([waitingOf(crashed), isReady(crashed)], ['CrashLoopBackOff', false]);
  assert.equal(crashed.status?.containerStatuses?.[0]?.restartCount, 1);
  await cluster.run(10_000);
  assert.equal((await onlyPod(cluster)).status?.containerStatuses?.[0]?.restartCount, 2);
  cluster.behaviour = healthy;
  await cluster.run(25_000);
  const healed = await onlyPod(cluster);
  assert.deepEqual([isReady(healed), healed.status?.containerStatuses?.[0]?.restartCount], [true, 3]);
});

test('an image that cannot be pulled says so, and is tried again', async () => {
  const cluster = await ActorWorld.started();
  cluster.behaviour = { ...healthy, hasImage: false };
  await cluster.deploy(1);
  await cluster.run(600);
  assert.equal(waitingOf(await onlyPod(cluster)), 'ErrImagePull');
  await cluster.run(1_000);
  assert.equal(waitingOf(await onlyPod(cluster)), 'ImagePullBackOff');
  cluster.behaviour = healthy;
  await cluster.run(15_000);
  assert.ok(isReady(await onlyPod(cluster)));
});

test('a lost node serves nobody, and still counts as ready', async () => {
  const cluster = await ActorWorld.started();
  await cluster.deploy(1);
  await cluster.run(2_000);
  const pod = await onlyPod(cluster);
  for (const kubelet of cluster.kubelets)
    if (kubelet.options.node === pod.spec.nodeName) await cluster.done(kubelet.die());
  await cluster.run(20_000);
  assert.deepEqual([isReady(await onlyPod(cluster)), accepts(cluster, pod)], [true, false]);
});
