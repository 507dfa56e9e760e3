import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { scaledAppKind } from '../../../testing/kube/scaled-app-kind.ts';
import { MemoryStore } from '../../../testing/memory-store.ts';
import { namespaces } from '../client/resources.ts';
import { statusOf } from '../client/resource.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { StatusStore } from './status-store.ts';
import { StatusWriter } from './status-writer.ts';

const namespace = 'shop';
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

class Room {
  readonly world = new KubeWorld(1, { kinds: [scaledAppKind] });
  readonly human = this.world.client('kubectl');
  readonly writer: StatusWriter;
  patches = 0;

  constructor() {
    const api = this.world.client('drowse');
    this.writer = new StatusWriter({
      clock: this.world.clock,
      logger: this.world.logger,
      api: {
        get: async (...asked) => api.get(...asked),
        patch: async (...asked) => {
          this.patches += 1;
          return api.patch(...asked);
        },
      },
    });
  }

  async open(): Promise<this> {
    await this.world.settle(this.human.create(namespaces, { metadata: { name: namespace } }));
    return this;
  }

  async create(name = 'web'): Promise<ScaledApp> {
    const object = { metadata: { namespace, name }, spec: { scaleTargetRef } };
    return this.world.settle(this.human.create(scaledApps, object));
  }

  async now(name = 'web'): Promise<ScaledApp> {
    return this.world.settle(this.human.get(scaledApps, { namespace, name }));
  }

  async other(status: object): Promise<ScaledApp> {
    const key = { namespace, name: 'web' };
    return this.world.settle(
      this.human.patch(statusOf(scaledApps), key, { type: 'merge', body: { status } }),
    );
  }
}

describe('the status of a ScaledApp', () => {
  test('is written when something of it is new, and only then', async () => {
    const room = await new Room().open();
    const app = await room.create();
    room.writer.want(app, { state: 'Asleep', observedGeneration: 1 });
    await room.world.run(1_000);
    room.writer.want(app, { state: 'Asleep', observedGeneration: 1 });
    await room.world.run(1_000);
    assert.deepEqual(
      [(await room.now()).status, room.patches],
      [{ state: 'Asleep', observedGeneration: 1 }, 1],
    );
    room.writer.want(app, { state: null, savedReplicas: 2 });
    await room.world.run(1_000);
    assert.deepEqual((await room.now()).status, { observedGeneration: 1, savedReplicas: 2 });
  });

  test('that somebody else has written meanwhile keeps what is theirs', async () => {
    const room = await new Room().open();
    const app = await room.create();
    await room.other({ replicas: 7, state: 'Waking' });
    room.writer.want(app, { state: 'Awake' });
    await room.world.run(1_000);
    assert.deepEqual((await room.now()).status, { replicas: 7, state: 'Awake' });
  });

  test('never goes back to an older generation', async () => {
    const room = await new Room().open();
    const app = await room.create();
    await room.other({ observedGeneration: 3, state: 'Awake' });
    room.writer.want(app, { observedGeneration: 2, state: 'Asleep' });
    await room.world.run(1_000);
    room.writer.want(app, { observedGeneration: 4, state: 'Draining' });
    room.writer.want(app, { observedGeneration: 2, state: 'Asleep' });
    await room.world.run(1_000);
    assert.deepEqual((await room.now()).status, { observedGeneration: 4, state: 'Draining' });
  });

  test('is none of another object of the same name', async () => {
    const room = await new Room().open();
    const old = await room.create();
    await room.world.settle(room.human.delete(scaledApps, { namespace, name: 'web' }));
    await room.create();
    room.writer.want(old, { savedReplicas: 9 });
    await room.world.run(10_000);
    assert.equal((await room.now()).status, undefined);
  });

  test('of one that cannot be written delays none of a hundred others, and is written as soon as it can be', async () => {
    const room = await new Room().open();
    const refused = await room.create();
    const others: ScaledApp[] = [];
    for (let index = 0; index < 100; index += 1) others.push(await room.create(`app-${index}`));
    room.world.faults.call = ({ method, path }) =>
      method === 'PATCH' && path.includes('/web/') ? { kind: 'answer', status: 500, hasEffect: false } : null;
    for (const app of [refused, ...others]) room.writer.want(app, { state: 'Asleep' });
    await room.world.run(100);
    for (const { metadata } of others) assert.equal((await room.now(metadata.name)).status?.state, 'Asleep');
    await room.world.run(30_000);
    assert.equal(room.world.logged.filter(({ level }) => level === 'warn').length, 1);
    room.world.faults.heal();
    room.writer.want(refused, { savedReplicas: 2 });
    await room.world.run(60_000);
    assert.deepEqual((await room.now()).status, { state: 'Asleep', savedReplicas: 2 });
  });

  test('is not tried again for one that is gone', async () => {
    const room = await new Room().open();
    const app = await room.create();
    room.world.faults.call = () => ({ kind: 'unreachable' });
    room.writer.want(app, { state: 'Asleep' });
    await room.world.run(100);
    const journal = new MemoryStore();
    new StatusStore({ writer: room.writer, objectOf: () => undefined, journal }).forget('shop/web');
    await room.world.run(60_000);
    assert.equal(room.patches, 1);
  });

  test('is left alone once another leads', async () => {
    const room = await new Room().open();
    const app = await room.create();
    room.world.faults.call = () => ({ kind: 'unreachable' });
    room.writer.want(app, { state: 'Asleep' });
    await room.world.run(100);
    room.writer.stop();
    room.world.faults.heal();
    await room.world.run(60_000);
    assert.equal((await room.now()).status, undefined);
  });
});

void test('what survives a restart is found in the status, nulls and all, and nothing of an earlier snapshot', async () => {
  const room = await new Room().open();
  const object = await room.create();
  const store = new StatusStore({
    writer: room.writer,
    objectOf: (app) => (app === 'shop/web' ? object : undefined),
    journal: new MemoryStore(),
  });
  assert.equal(store.load('shop/web'), null);
  store.save('shop/web', { policy: { phase: 'idle', since: 4 }, saved: 3, lastColdStartMs: null });
  await room.world.run(100);
  const record = { policy: { phase: null }, saved: 3, lastColdStartMs: 700 };
  store.save('shop/web', record);
  assert.deepEqual(store.load('shop/web'), record);
  await room.world.run(1_000);
  const now = await room.now();
  const next = new StatusStore({ writer: room.writer, objectOf: () => now, journal: new MemoryStore() });
  assert.deepEqual(next.load('shop/web'), record);
  store.forget('shop/web');
  assert.equal(store.load('shop/web'), null);
  store.save('shop/gone', record);
  assert.equal(store.load('shop/gone'), null);
});

void test('the journal is kept elsewhere', () => {
  const journal = new MemoryStore();
  const { writer } = new Room();
  const store = new StatusStore({ writer, objectOf: () => undefined, journal });
  store.append({ wallMs: 1, app: 'shop/web', kind: 'transition', message: 'woke' });
  assert.deepEqual(store.journal({ limit: 1 }), journal.journal({ limit: 1 }));
  assert.equal(store.journal({ limit: 9 }).length, 1);
  store.close();
});
