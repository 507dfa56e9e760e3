import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterApp } from '../apps/cluster-app.ts';
import type { StatusWish } from '../status/status-change.ts';
import { PortKeeper } from './port-keeper.ts';

type Ports = NonNullable<NonNullable<ClusterApp['object']['status']>['activatorPorts']>;

/** An app with one port of one Service; `null` for one that was never resolved. */
function appOf(name: string, port: number | null, activatorPorts?: Ports): ClusterApp {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  const metadata = { namespace: 'shop', name, uid: `uid-${name}` };
  const services = [{ name, uid: name, families: [], ports: [{ port }] }];
  const resolved = port === null ? null : ({ services } as unknown as ClusterApp['resolved']);
  const object = {
    metadata,
    spec: { scaleTargetRef },
    ...(activatorPorts && { status: { activatorPorts } }),
  };
  return { name: `shop/${name}`, object, target: 'missing', resolved, selector: [], wokenAtMs: 0 };
}

function room(range = { first: 20_000, last: 20_002 }) {
  const state = { nowMs: 0, apps: [] as readonly ClusterApp[], wishes: new Map<string, StatusWish>() };
  const keeper = new PortKeeper({
    apps: () => state.apps,
    writer: { want: ({ metadata }, wish) => void state.wishes.set(metadata.name ?? '', wish) },
    range,
    reserved: new Set([20_001]),
    restMs: 60_000,
    monoMs: () => state.nowMs,
  });
  const look = (...apps: readonly ClusterApp[]): void => {
    state.apps = apps;
    state.wishes.clear();
    keeper.look();
  };
  const portOf = (name: string): number | undefined =>
    state.wishes.get(name)?.activatorPorts?.[0]?.activatorPort;
  return { state, look, portOf };
}

void test('each port is given one, none twice, none that is reserved; and again the same before a watch has told', () => {
  const { look, portOf } = room();
  look(appOf('a', 80), appOf('b', 80));
  const given = [portOf('a'), portOf('b')];
  assert.deepEqual(new Set(given), new Set([20_000, 20_002]));
  look(appOf('b', 80), appOf('a', 80));
  assert.deepEqual([portOf('a'), portOf('b')], given);
});

void test('what a status says holds, also outside of the range, and for an app that was never resolved', () => {
  const { look, portOf } = room();
  look(appOf('a', 80, [{ service: 'a', port: 80, activatorPort: 25_000 }]));
  assert.equal(portOf('a'), 25_000);
  const said = [{ service: 'b', port: 80, activatorPort: 20_002 }];
  look(appOf('b', null, said), appOf('c', 80), appOf('d', 80));
  assert.equal(portOf('b'), 20_002);
  assert.deepEqual(new Set([portOf('c'), portOf('d')]), new Set([20_000, undefined]));
});

void test('a port that was given up rests before another gets it', () => {
  const { state, look, portOf } = room({ first: 20_000, last: 20_000 });
  look(appOf('a', 80));
  assert.equal(portOf('a'), 20_000);
  look(appOf('b', 80));
  look(appOf('b', 80));
  assert.equal(portOf('b'), undefined);
  state.nowMs = 60_000;
  look(appOf('b', 80));
  assert.equal(portOf('b'), 20_000);
});

void test('an app without any port has nothing written, but for what it gives up', () => {
  const { state, look } = room();
  look(appOf('a', null));
  assert.deepEqual([...state.wishes], []);
  look({ ...appOf('a', 81, [{ service: 'old', port: 80, activatorPort: 20_000 }]) });
  assert.deepEqual(
    state.wishes.get('a')?.activatorPorts?.map(({ service }) => service),
    ['a'],
  );
});
