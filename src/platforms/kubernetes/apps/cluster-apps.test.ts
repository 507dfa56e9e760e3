import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ActorWorld, deploymentOf, namespace, web } from '../../../testing/kube/actors/actor-world.ts';
import { defineResource, statusOf } from '../client/resource.ts';
import { deployments, endpointSlices, events, namespaces, services } from '../client/resources.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { appAnnotation, sliceLabels, sliceManager } from '../slices/slice-names.ts';
import { ClusterWatches } from '../watching/cluster-watches.ts';
import { EventSightings } from '../watching/event-sightings.ts';
import { ClusterApps } from './cluster-apps.ts';
import { AppViews } from './views.ts';

const replicaSets = defineResource('apps/v1', 'replicasets', 'ReplicaSet');
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

/** Who watches a simulated cluster, and what was told, turn by turn. */
class Room {
  readonly cluster: ActorWorld;
  readonly apps: ClusterApps;
  readonly watches: ClusterWatches;
  readonly sightings: EventSightings;
  readonly told: string[][] = [];

  constructor(cluster: ActorWorld, selected: readonly string[] | null = null) {
    this.cluster = cluster;
    const deps = cluster.deps('drowse');
    this.watches = new ClusterWatches(deps, selected);
    this.sightings = new EventSightings(deps.clock, this.watches.events);
    this.apps = new ClusterApps({
      ...deps,
      watches: this.watches,
      resourceOf: async (_apiVersion, kind) => Promise.resolve(kind === 'ReplicaSet' ? replicaSets : null),
      changed: (names) => void this.told.push([...names].toSorted()),
    });
  }

  static async open(selected: readonly string[] | null = null): Promise<Room> {
    const room = new Room(await ActorWorld.started(), selected);
    room.watches.start();
    await room.cluster.run(500);
    return room;
  }

  async create(name = 'web', spec: Partial<ScaledApp['spec']> = {}, inNamespace = namespace): Promise<void> {
    const object = {
      metadata: { namespace: inNamespace, name },
      spec: { scaleTargetRef: deployment, ...spec },
    };
    await this.cluster.done(this.cluster.api.create(scaledApps, object));
    await this.cluster.run(100);
  }

  views(name = 'shop/web'): AppViews {
    const { watches, apps } = this;
    const { sightings } = this;
    return new AppViews({ watches, sightings, app: () => apps.get(name), activators: () => [] });
  }

  errors(): readonly string[] {
    return this.cluster.world.logged.filter(({ level }) => level === 'error').map(({ message }) => message);
  }
}

describe('the apps of a cluster', () => {
  test('are resolved from what the watches tell, with their pods, ports and count', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(2);
    await room.create();
    await room.cluster.run(5_000);
    const views = room.views();
    assert.deepEqual(
      room.apps.get('shop/web')?.resolved?.verdicts.map(({ name, handled }) => [name, handled]),
      [['web', true]],
    );
    assert.equal(views.pods().length, 2);
    assert.deepEqual(views.ports(), [{ name: 'web:80', targetPort: 8080 }]);
    assert.equal(views.counted()?.replicas, 2);
    assert.ok(views.kubernetesSlices().length > 0);
    assert.deepEqual(views.ourSlices(), []);
    assert.ok(views.conditions().length > 0);
  });

  test('are told of once a turn, and not at all when nothing of theirs has changed', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(0);
    await room.create();
    await room.cluster.run(5_000);
    room.told.length = 0;
    const other = deploymentOf(3, 'images.test/apps:1');
    const labels = { app: 'other' };
    const spec = {
      ...other.spec,
      selector: { matchLabels: labels },
      template: { ...other.spec.template, metadata: { labels } },
    };
    await room.cluster.done(
      room.cluster.api.create(deployments, { metadata: { namespace, name: 'other' }, spec }),
    );
    await room.cluster.run(10_000);
    assert.deepEqual(room.told, []);
    room.apps.touchAll();
    room.apps.touchAll();
    await room.cluster.run(1);
    assert.deepEqual(room.told, [['shop/web']]);
  });

  test('keep what was known of them while their target is missing, and are told when it comes back', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(0);
    await room.create();
    const before = room.apps.get('shop/web')?.resolved;
    assert.equal(before?.services.length, 1);
    await room.cluster.done(room.cluster.api.delete(deployments, web));
    await room.cluster.run(1_000);
    assert.equal(room.apps.get('shop/web')?.target, 'missing');
    assert.deepEqual(room.apps.get('shop/web')?.resolved, before);
    assert.equal(room.views().counted(), null);
    await room.cluster.deploy(3);
    await room.cluster.run(1_000);
    assert.equal(room.views().counted()?.replicas, 3);
  });

  test('are gone with their ScaledApp, and told of once more', async () => {
    const room = await Room.open();
    await room.cluster.deploy(0);
    await room.create();
    assert.ok(room.apps.get('shop/web'));
    room.told.length = 0;
    await room.cluster.done(room.cluster.api.delete(scaledApps, web));
    await room.cluster.run(100);
    assert.equal(room.apps.get('shop/web'), undefined);
    assert.deepEqual(room.told, [['shop/web']]);
    assert.deepEqual(room.views().pods(), []);
  });

  test('of a kind that is not watched are known by /scale: its selector, its count; and by their pods', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(1);
    await room.cluster.run(3_000);
    const [set] = (await room.cluster.done(room.cluster.api.list(replicaSets, { namespace }))).items;
    await room.create('set', {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set?.metadata.name ?? '' },
      services: ['web'],
    });
    await room.cluster.run(1_000);
    const views = room.views('shop/set');
    assert.deepEqual([views.pods().length, views.counted()?.replicas], [1, 1]);
    assert.deepEqual(views.ports(), [{ name: 'web:80', targetPort: 8080 }]);
    const body = { spec: { replicas: 2 } };
    await room.cluster.done(room.cluster.api.patch(deployments, web, { type: 'merge', body }));
    await room.cluster.run(12_000);
    assert.deepEqual([views.pods().length, views.counted()?.replicas], [2, 2]);
  });

  test('of a kind that does not exist are missing their target', async () => {
    const room = await Room.open();
    const scaleTargetRef = { apiVersion: 'example.dev/v1', kind: 'Nothing', name: 'web' };
    await room.create('odd', { scaleTargetRef });
    assert.equal(room.apps.get('shop/odd')?.target, 'missing');
  });

  test('of which one cannot be read at all are the others as they should be', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(0);
    // Older than the sound ones, so that it comes first wherever age decides.
    await room.create('a-broken', { services: 7 as never });
    await room.create('b-empty', { scaleTargetRef: null as never });
    await room.cluster.run(2_000);
    for (let index = 0; index < 100; index += 1) await room.create(`app-${index}`);
    assert.equal(room.apps.get('shop/a-broken')?.resolved, null);
    const found = [...room.apps.values()].filter(({ resolved }) => resolved !== null);
    assert.equal(found.length, 100);
    assert.equal(found.filter(({ resolved }) => resolved?.services.length === 1).length, 1);
    assert.deepEqual(new Set(room.errors()), new Set(['this ScaledApp cannot be read, and is left alone']));
    assert.equal(room.errors().length, 2);
  });

  test('are those of the namespaces that were selected', async () => {
    const room = await Room.open([namespace]);
    await room.cluster.done(room.cluster.api.create(namespaces, { metadata: { name: 'else' } }));
    await room.create('web', {}, 'else');
    await room.create();
    assert.deepEqual(
      [...room.apps.values()].map(({ name }) => name),
      ['shop/web'],
    );
  });

  test('see their activator ports, and the slices that an earlier Drowse has left of a Service that is no longer theirs', async () => {
    const room = await Room.open();
    await room.cluster.expose();
    await room.cluster.deploy(0);
    await room.create();
    const body = { status: { activatorPorts: [{ service: 'web', port: 80, activatorPort: 20_007 }] } };
    await room.cluster.done(room.cluster.api.patch(statusOf(scaledApps), web, { type: 'merge', body }));
    const labels = { [sliceLabels.managedBy]: sliceManager, [sliceLabels.serviceName]: 'old' };
    const metadata = { namespace, name: 'old-drowse-ipv4', labels, annotations: { [appAnnotation]: 'web' } };
    const left = { metadata, addressType: 'IPv4', endpoints: [], ports: [] } as const;
    await room.cluster.done(room.cluster.api.create(endpointSlices, left));
    room.told.length = 0;
    await room.cluster.run(100);
    assert.deepEqual([...room.views().wish().activatorPorts], [['web:80', 20_007]]);
    assert.deepEqual(
      room
        .views()
        .ourSlices()
        .map((slice) => slice.metadata.name),
      ['old-drowse-ipv4'],
    );
    assert.ok(room.told.flat().includes('shop/web'));
    await room.cluster.done(room.cluster.api.delete(services, web));
    await room.cluster.run(100);
    assert.deepEqual(room.views().wish().services, []);
  });

  test('hear why pods were refused since they were woken last, not of earlier times', async () => {
    const room = await Room.open();
    const deployed = await room.cluster.deploy(0);
    await room.create();
    const scale = async (replicas: number): Promise<void> => {
      const body = { spec: { replicas } };
      await room.cluster.done(room.cluster.api.patch(deployments, web, { type: 'merge', body }));
      await room.cluster.run(100);
    };
    const refuse = async (name: string, reason = 'FailedCreate'): Promise<void> => {
      const regarding = { kind: 'Deployment', namespace, name: 'web', uid: deployed.metadata.uid ?? '' };
      const by = { reportingController: 'test', reportingInstance: 'test', action: 'Create' };
      const event = { metadata: { namespace, name }, eventTime: '2026-01-01T00:00:00.000000Z', ...by };
      const said = { reason, type: 'Warning', regarding, note: 'exceeded quota' } as const;
      await room.cluster.done(room.cluster.api.create(events, { ...event, ...said }));
      await room.cluster.run(100);
    };
    const heard = (): readonly unknown[] =>
      room
        .views()
        .events()
        .map(({ metadata }) => metadata.name);
    await scale(1);
    await refuse('first');
    await refuse('other', 'Killing');
    assert.deepEqual(heard(), ['first']);
    await scale(0);
    await room.cluster.run(10_000);
    await scale(1);
    assert.deepEqual(heard(), []);
    room.told.length = 0;
    await refuse('second');
    assert.deepEqual([heard(), room.told], [['second'], [['shop/web']]]);
  });

  test('are not there before everything was listed: a part would be judged wrongly', async () => {
    const room = new Room(await ActorWorld.started());
    await room.cluster.expose();
    await room.cluster.deploy(0);
    await room.create();
    let lists = 0;
    room.cluster.world.faults.call = ({ path }) =>
      path.includes('/pods') && (lists += 1) < 4 ? { kind: 'unreachable' } : null;
    room.watches.start();
    await room.cluster.run(50);
    assert.deepEqual([[...room.apps.values()], room.told], [[], []]);
    await room.cluster.run(60_000);
    assert.deepEqual(room.told[0], ['shop/web']);
  });
});
