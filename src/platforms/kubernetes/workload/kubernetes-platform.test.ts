import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createControl, type Control } from '../../../control/control.ts';
import { RecordingMetrics } from '../../../testing/control-world.ts';
import { FakeWaiter } from '../../../testing/fake-waiter.ts';
import { ActorWorld, namespace, web } from '../../../testing/kube/actors/actor-world.ts';
import { MemoryStore } from '../../../testing/memory-store.ts';
import { SimDataPath } from '../../../testing/sim/data-path.ts';
import { workloadApp } from '../../../testing/workload-app.ts';
import { targetOf } from '../apps/target.ts';
import { type Deployment, deployments, type Pod, pods } from '../client/resources.ts';
import { WatchCache } from '../client/watch/watch-cache.ts';
import { type Counted, ReplicaCount } from '../scale/replica-count.ts';
import { KubernetesPlatform } from './kubernetes-platform.ts';
import { Workload } from './workload.ts';

const app = workloadApp({ sleepAfterMs: 30_000 });

/** The control loop of one Drowse, in front of a Deployment in a cluster in which everything works. */
class Room {
  readonly cluster: ActorWorld;
  readonly control: Control;
  readonly dataPath: SimDataPath;
  private readonly podCache: WatchCache<Pod>;
  private readonly deploymentCache: WatchCache<Deployment>;
  private readonly followed = new Set<Workload>();
  private visitors = 0;

  private constructor(cluster: ActorWorld) {
    this.cluster = cluster;
    const deps = cluster.deps('drowse');
    const selection = { namespace };
    this.podCache = new WatchCache({ ...deps, resource: pods, selection });
    this.deploymentCache = new WatchCache({ ...deps, resource: deployments, selection });
    this.dataPath = new SimDataPath(deps.clock);
    const counted = (): Counted | null => {
      const seen = this.deploymentCache.get(web);
      return seen === undefined ? null : targetOf(seen).counted;
    };
    const view = {
      pods: () => this.podCache.values(),
      ports: () => [{ name: 'http', targetPort: 8080 }],
      conditions: () => this.deploymentCache.get(web)?.status?.conditions ?? [],
      events: () => [],
      counted,
    };
    const platform = new KubernetesPlatform({
      follow: (followedApp, observer) => {
        const count = new ReplicaCount({ api: deps.api, resource: deployments, key: web, peek: counted });
        const workload = new Workload(followedApp, {
          ...deps,
          view,
          count,
          observer,
          // As whoever puts Drowse together does it: what runs is wanted.
          found: (found) => {
            if (found > 0) this.control.wake(app.name, found, 'kubectl scale');
          },
        });
        this.followed.add(workload);
        return workload;
      },
      forget: (workload) => void this.followed.delete(workload),
    });
    this.control = createControl({
      ...deps,
      platform,
      dataPath: this.dataPath,
      metrics: new RecordingMetrics(),
      store: new MemoryStore(),
    });
  }

  static async open(replicas: number): Promise<Room> {
    const cluster = await ActorWorld.started();
    await cluster.deploy(replicas);
    await cluster.run(3_000);
    const room = new Room(cluster);
    const changed = (): void => {
      for (const workload of room.followed) workload.observe();
    };
    for (const cache of [room.podCache, room.deploymentCache]) {
      cache.subscribe({ added: changed, changed, removed: changed });
      cache.start();
    }
    await cluster.run(500);
    await cluster.done(room.control.apply([app]));
    return room;
  }

  get phase(): string {
    return this.control.get(app.name)?.phase ?? 'unknown';
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

  async human(replicas: number): Promise<void> {
    const { cluster } = this;
    const body = { spec: { replicas } };
    await cluster.done(cluster.world.client('human').patch(deployments, web, { type: 'merge', body }));
  }
}

describe('a Deployment as an app', () => {
  test('wakes for a visitor, serves, and sleeps when nobody uses it: the same loop as on one machine', async () => {
    const room = await Room.open(0);
    assert.equal(room.phase, 'asleep');
    const visitor = room.visit();
    await room.cluster.run(5_000);
    assert.deepEqual([visitor.state, room.phase, await room.scale()], ['in-flight', 'awake', 1]);
    visitor.done();
    await room.cluster.run(20_000);
    assert.equal(room.phase, 'awake');
    await room.cluster.run(30_000);
    assert.deepEqual([room.phase, await room.scale()], ['asleep', 0]);
    assert.equal((await room.cluster.pods()).length, 0);
  });

  test('that runs when Drowse comes is taken as it is, and may sleep after its whole idle time', async () => {
    const room = await Room.open(2);
    await room.cluster.run(2_000);
    assert.deepEqual([room.visit().state, await room.scale()], ['in-flight', 2]);
  });

  test('that somebody wakes while it goes to sleep loses nobody', async () => {
    const room = await Room.open(0);
    const first = room.visit();
    await room.cluster.run(5_000);
    first.done();
    for (let waitedMs = 0; waitedMs < 60_000 && room.phase === 'awake'; waitedMs += 10)
      await room.cluster.run(10);
    const late = room.visit();
    await room.cluster.run(10_000);
    assert.deepEqual([late.state, room.phase, await room.scale()], ['in-flight', 'awake', 1]);
  });

  test('that cannot get pods fails with the reason, and recovers by itself', async () => {
    const room = await Room.open(0);
    room.cluster.refusals.podQuotas.set(namespace, 0);
    const early = room.visit();
    await room.cluster.run(30_000);
    assert.equal(early.state, 'refused');
    assert.equal(room.control.get(app.name)?.failure?.cause.code, 'quota-exceeded');
    room.cluster.refusals.podQuotas.delete(namespace);
    await room.cluster.run(120_000);
    const late = room.visit();
    await room.cluster.run(10_000);
    assert.deepEqual([late.state, room.phase], ['in-flight', 'awake']);
  });

  test('is not lowered below what a human has made of it meanwhile', async () => {
    const room = await Room.open(1);
    await room.cluster.run(2_000);
    await room.human(3);
    await room.cluster.run(5_000);
    assert.equal(await room.scale(), 3);
    assert.equal(room.visit().state, 'in-flight');
  });
});
