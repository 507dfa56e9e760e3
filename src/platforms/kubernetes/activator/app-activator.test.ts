import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ArmedWake } from '../../../core/policy/types.ts';
import { FakeWaiter } from '../../../testing/fake-waiter.ts';
import { ActorWorld, namespace, web } from '../../../testing/kube/actors/actor-world.ts';
import { SimDataPath } from '../../../testing/sim/data-path.ts';
import { workloadApp } from '../../../testing/workload-app.ts';
import { targetOf } from '../apps/target.ts';
import { type Deployment, deployments, type Pod, pods } from '../client/resources.ts';
import { WatchCache } from '../client/watch/watch-cache.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { PodReplicas } from '../pods/pod-replicas.ts';
import { ReplicaCount } from '../scale/replica-count.ts';
import { AppActivator } from './app-activator.ts';

const ports = [{ name: 'http', targetPort: 8080 }];
const app = workloadApp();

/** One Drowse of a cluster, without a leader. */
class Room {
  readonly cluster: ActorWorld;
  readonly activator: AppActivator;
  readonly dataPath: SimDataPath;
  demands = 0;
  private readonly replicas = new PodReplicas();
  private readonly podCache: WatchCache<Pod>;
  private readonly deploymentCache: WatchCache<Deployment>;
  private visitors = 0;

  private constructor(cluster: ActorWorld) {
    this.cluster = cluster;
    const deps = cluster.deps('drowse');
    const selection = { namespace };
    this.podCache = new WatchCache({ ...deps, resource: pods, selection });
    this.deploymentCache = new WatchCache({ ...deps, resource: deployments, selection });
    this.dataPath = new SimDataPath(deps.clock);
    const count = new ReplicaCount({
      api: deps.api,
      resource: deployments,
      key: web,
      peek: () => {
        const seen = this.deploymentCache.get(web);
        return seen === undefined ? null : targetOf(seen).counted;
      },
    });
    const ignore = (): void => undefined;
    this.activator = new AppActivator({
      ...deps,
      dataPath: this.dataPath,
      raise: async (replicas) => count.raise(replicas),
      demanded: () => void (this.demands += 1),
      observer: { routed: ignore, quiet: ignore, vacated: ignore, unreachable: ignore, coldStart: ignore },
    });
  }

  static async open(cluster: ActorWorld): Promise<Room> {
    const room = new Room(cluster);
    const changed = (): void => room.observe();
    for (const cache of [room.podCache, room.deploymentCache]) {
      cache.subscribe({ added: changed, changed, removed: changed });
      cache.start();
    }
    await cluster.done(room.activator.open(app));
    await cluster.run(100);
    return room;
  }

  visit(): FakeWaiter {
    const gate = this.dataPath.gateOf(app.name);
    assert.ok(gate);
    return new FakeWaiter(gate, `visitor-${(this.visitors += 1)}`).arrive();
  }

  async scale(): Promise<number> {
    const { spec } = await this.cluster.done(this.cluster.api.get(deployments, web));
    return spec.replicas ?? 1;
  }

  async stop(): Promise<void> {
    await this.cluster.done(Promise.all([this.podCache.stop(), this.deploymentCache.stop()]));
  }

  private observe(): void {
    const all = [...this.podCache.values()];
    const conditions = this.deploymentCache.get(web)?.status?.conditions ?? [];
    this.activator.observe({
      replicas: this.replicas.observe(all, ports, this.cluster.world.clock.monoMs()),
      diagnosis: diagnose({ conditions, pods: all, events: [] }),
    });
  }
}

async function asleep(): Promise<{ cluster: ActorWorld; room: Room }> {
  const cluster = await ActorWorld.started();
  await cluster.deploy(0);
  await cluster.run(1_000);
  return { cluster, room: await Room.open(cluster) };
}

const wake = (replicas: number): ArmedWake => ({ validUntilMs: null, action: { kind: 'wake', replicas } });

describe('an activator', () => {
  test('wakes the app of whoever comes first, and lets them all go when a pod serves, to the pod itself', async () => {
    const { cluster, room } = await asleep();
    room.activator.arm({ list: [wake(2)], saved: 1 });
    const visitors = [room.visit(), room.visit(), room.visit()];
    assert.deepEqual(
      visitors.map(({ state }) => state),
      ['held', 'held', 'held'],
    );
    await cluster.run(5_000);
    assert.ok(visitors.every(({ state }) => state === 'in-flight'));
    assert.match(visitors[0]?.slot?.endpoint.addresses[0]?.host ?? '', /^10\.201\./u);
    assert.equal(await room.scale(), 2);
    assert.equal(room.visit().state, 'in-flight');
    assert.ok(room.demands >= 1);
    await room.stop();
    await cluster.stop();
  });

  test('wakes to the saved count when what was armed has run out, and a refusal lapses', async () => {
    const { cluster, room } = await asleep();
    const untilMs = cluster.world.clock.wallMs() + 10_000;
    const refuse = { kind: 'refuse', reason: 'Asleep by its schedule.' } as const;
    room.activator.arm({ list: [{ validUntilMs: untilMs, action: refuse }], saved: 3 });
    const early = room.visit();
    assert.deepEqual([early.state, early.why?.message], ['refused', 'Asleep by its schedule.']);
    await cluster.run(11_000);
    const late = room.visit();
    await cluster.run(5_000);
    assert.deepEqual([late.state, await room.scale()], ['in-flight', 3]);
    await room.stop();
    await cluster.stop();
  });

  test('fires again when its wake was undone, for as long as somebody is held', async () => {
    const { cluster, room } = await asleep();
    room.visit();
    await cluster.run(100);
    assert.equal(await room.scale(), 1);
    const body = { spec: { replicas: 0 } };
    await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body }));
    await cluster.run(2_000);
    assert.equal(await room.scale(), 1);
    await room.stop();
    await cluster.stop();
  });

  test('beside another one makes one wake of two', async () => {
    const { cluster, room } = await asleep();
    const other = await Room.open(cluster);
    const both = [room.visit(), other.visit()];
    await cluster.run(5_000);
    assert.ok(both.every(({ state }) => state === 'in-flight'));
    assert.equal(await room.scale(), 1);
    await Promise.all([room.stop(), other.stop()]);
    await cluster.stop();
  });

  test('sends nobody to a pod that terminates: it wakes the app again', async () => {
    const { cluster, room } = await asleep();
    room.visit();
    await cluster.run(5_000);
    const body = { spec: { replicas: 0 } };
    await cluster.done(cluster.api.patch(deployments, web, { type: 'merge', body }));
    await cluster.run(50);
    const late = room.visit();
    assert.equal(late.state, 'held');
    await cluster.run(5_000);
    assert.equal(late.state, 'in-flight');
    await room.stop();
    await cluster.stop();
  });

  test('holds on while the API server is away, and wakes when it is back', async () => {
    const { cluster, room } = await asleep();
    cluster.world.faults.call = () => ({ kind: 'unreachable' });
    const visitor = room.visit();
    await cluster.run(20_000);
    assert.equal(visitor.state, 'held');
    cluster.world.faults.heal();
    await cluster.run(40_000);
    assert.equal(visitor.state, 'in-flight');
    await room.stop();
    await cluster.stop();
  });
});

describe('a wake that cannot come', () => {
  test('is told within two seconds, with the reason; others are told at once, and it recovers by itself', async () => {
    const { cluster, room } = await asleep();
    cluster.refusals.podQuotas.set(namespace, 0);
    const first = room.visit();
    await cluster.run(2_000);
    assert.equal(first.state, 'refused');
    assert.match(first.why?.message ?? '', /exceeded quota.*Raise the ResourceQuota/u);
    assert.equal(room.visit().state, 'refused');
    cluster.refusals.podQuotas.delete(namespace);
    await cluster.run(40_000);
    const last = room.visit();
    await cluster.run(5_000);
    assert.equal(last.state, 'in-flight');
    await room.stop();
    await cluster.stop();
  });
});
