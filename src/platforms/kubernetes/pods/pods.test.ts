import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ActorWorld, web } from '../../../testing/kube/actors/actor-world.ts';
import { healthy } from '../../../testing/kube/actors/pod-behaviour.ts';
import { deployments, type Pod } from '../client/resources.ts';
import type { PodLevel } from '../switching/types.ts';
import { podLevel } from './pod-level.ts';
import { phaseOf } from './pod-phase.ts';
import { PodReplicas } from './pod-replicas.ts';
import { giveBack, takeOut } from './readiness.ts';

const ports = [
  { name: 'web', targetPort: 'http' },
  { name: 'admin', targetPort: 9090 },
  { name: 'gone', targetPort: 'nowhere' },
];

/** Two pods that serve behind a Service. */
async function serving(behaviour = healthy): Promise<ActorWorld> {
  const cluster = await ActorWorld.started();
  cluster.behaviour = behaviour;
  await cluster.expose();
  await cluster.deploy(2);
  await cluster.run(3_000);
  return cluster;
}

async function level(cluster: ActorWorld): Promise<PodLevel> {
  return podLevel(await cluster.pods(), await cluster.slices());
}

async function each(cluster: ActorWorld, act: typeof takeOut, pods?: readonly Pod[]): Promise<void> {
  const wallMs = cluster.world.clock.wallMs();
  for (const pod of pods ?? (await cluster.pods())) await cluster.done(act(cluster.api, pod, wallMs));
}

describe('readiness', () => {
  test('taken away takes a pod out of its Service, and leaves it serving; given back, it is there again at once', async () => {
    const cluster = await serving();
    assert.deepEqual(await level(cluster), { ready: 2, serving: 2 });
    await each(cluster, takeOut);
    await cluster.run(500);
    assert.deepEqual(await level(cluster), { ready: 0, serving: 2 });
    await each(cluster, giveBack);
    await cluster.run(500);
    assert.deepEqual(await level(cluster), { ready: 2, serving: 2 });
  });

  test('that the kubelet has put back is seen', async () => {
    const cluster = await serving();
    await each(cluster, takeOut);
    await cluster.run(11_000);
    assert.deepEqual(await level(cluster), { ready: 2, serving: 2 });
  });

  test('that a pod lacks by itself is not given to it', async () => {
    const cluster = await ActorWorld.started();
    cluster.behaviour = { ...healthy, readyMs: 60_000 };
    await cluster.expose();
    await cluster.deploy(1);
    await cluster.run(3_000);
    await each(cluster, giveBack);
    await cluster.run(500);
    assert.deepEqual(await level(cluster), { ready: 0, serving: 0 });
  });

  test('of a pod that is gone, or another of its name, needs nothing', async () => {
    const cluster = await serving();
    const before = await cluster.pods();
    await cluster.done(
      cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas: 0 } } }),
    );
    await cluster.run(30_000);
    await each(cluster, takeOut, before);
    assert.deepEqual(await level(cluster), { ready: 0, serving: 0 });
  });

  test('is not taken from what is terminating: that is on its way out', async () => {
    const cluster = await serving({ ...healthy, exitMs: 9_000 });
    await cluster.done(
      cluster.api.patch(deployments, web, { type: 'merge', body: { spec: { replicas: 1 } } }),
    );
    await cluster.run(500);
    const phases = (await cluster.pods()).map(phaseOf);
    assert.deepEqual(phases.toSorted(), ['serving', 'terminating']);
    await each(cluster, takeOut);
    await cluster.run(200);
    assert.deepEqual(await level(cluster), { ready: 0, serving: 1 });
  });
});

describe('pods as replicas', () => {
  test('start, serve and terminate, with the moments at which that was first seen', async () => {
    const cluster = await ActorWorld.started();
    cluster.behaviour = { ...healthy, startMs: 400, listenMs: 500, readyMs: 1_000 };
    const replicas = new PodReplicas();
    const observe = async (): Promise<readonly (string | number | null)[]> => {
      const [replica] = replicas.observe(await cluster.pods(), ports, cluster.world.clock.monoMs());
      return replica === undefined ? [] : [replica.phase, replica.spawnedAtMs, replica.readyAtMs];
    };
    await cluster.deploy(1);
    await cluster.run(200);
    assert.deepEqual(await observe(), ['starting', null, null]);
    await cluster.run(600);
    const runningAtMs = cluster.world.clock.monoMs();
    assert.equal((await observe())[0], 'starting');
    await cluster.run(5_000);
    const readyAtMs = cluster.world.clock.monoMs();
    const [phase, spawned, ready] = await observe();
    assert.equal(phase, 'serving');
    assert.ok(Number(spawned) >= runningAtMs && Number(spawned) < readyAtMs);
    assert.ok(Number(ready) >= readyAtMs);
  });

  test('are reached at the address of the pod, on ports by number and by name', async () => {
    const cluster = await serving();
    const [replica] = new PodReplicas().observe(await cluster.pods(), ports, 0);
    assert.match(replica?.id ?? '', /^web-.+\/.+$/u);
    assert.deepEqual(
      replica?.addresses.map(({ port, portName }) => [portName, port]),
      [
        ['web', 8080],
        ['admin', 9090],
      ],
    );
  });

  test('that have ended are none', () => {
    const pod: Pod = {
      metadata: { name: 'job-1' },
      spec: { containers: [] },
      status: { phase: 'Succeeded' },
    };
    assert.deepEqual(new PodReplicas().observe([pod], ports, 0), []);
  });
});
