import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { EndpointSlice, Pod } from '../client/resources.ts';
import type { ResolvedService } from '../resolve/types.ts';
import { type Activator, activatorOf } from './activators.ts';
import { diffSlices } from './diff-slices.ts';
import { mostEndpoints } from './place-endpoints.ts';
import { type SliceWish, wantedSlices } from './wanted-slices.ts';

const port = (name: string, number: number, appProtocol: string | null = null) => ({
  name,
  port: number,
  targetPort: number,
  protocol: 'auto' as const,
  appProtocol,
});
const web: ResolvedService = {
  name: 'web',
  uid: 'uid-web',
  families: ['IPv4', 'IPv6'],
  ports: [port('http', 80, 'http'), port('pg', 5432)],
};
const admin: ResolvedService = {
  ...web,
  name: 'admin',
  uid: 'uid-admin',
  families: ['IPv4'],
  ports: [port('', 80)],
};

function activator(index: number, more: Partial<Activator> = {}): Activator {
  return {
    namespace: 'drowse',
    name: `drowse-${String(index).padStart(3, '0')}`,
    uid: `uid-${index}`,
    addresses: [`10.0.${index >> 8}.${index & 255}`, `fd00::${index.toString(16)}`],
    nodeName: `node-${index % 2}`,
    zone: null,
    isReady: true,
    isEnding: false,
    ...more,
  };
}

function wish(more: Partial<SliceWish> = {}): SliceWish {
  return {
    namespace: 'shop',
    app: 'web',
    services: [web, admin],
    activatorPorts: new Map([
      ['web:80', 20_000],
      ['web:5432', 20_001],
      ['admin:80', 20_002],
    ]),
    activators: [activator(1), activator(2)],
    stage: 'ready',
    ...more,
  };
}

const names = (slices: readonly EndpointSlice[]) => slices.map(({ metadata }) => metadata.name);
const conditions = (slice: EndpointSlice | undefined) =>
  (slice?.endpoints ?? []).map((one) => one.conditions);

void test('one slice for each Service and family, with all ports under the names of the Service', () => {
  const made = wantedSlices(wish(), []);
  assert.deepEqual(names(made), ['web-drowse-ipv4', 'web-drowse-ipv6', 'admin-drowse-ipv4']);
  assert.deepEqual(made[1], {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: 'shop',
      name: 'web-drowse-ipv6',
      labels: {
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'drowse.dev',
      },
      annotations: { 'drowse.dev/scaled-app': 'web' },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: 'web',
          uid: 'uid-web',
          controller: false,
          blockOwnerDeletion: false,
        },
      ],
    },
    addressType: 'IPv6',
    endpoints: [1, 2].map((index) => ({
      addresses: [`fd00::${index}`],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: 'drowse', name: `drowse-00${index}`, uid: `uid-${index}` },
      nodeName: `node-${index % 2}`,
    })),
    ports: [
      { name: 'http', port: 20_000, protocol: 'TCP', appProtocol: 'http' },
      { name: 'pg', port: 20_001, protocol: 'TCP' },
    ],
  });
  assert.deepEqual(made[2]?.ports, [{ name: '', port: 20_002, protocol: 'TCP' }]);
});

void test('a Service of which one port has no activator port is left alone', () => {
  const activatorPorts = new Map([
    ['web:80', 20_000],
    ['admin:80', 20_002],
  ]);
  assert.deepEqual(names(wantedSlices(wish({ activatorPorts }), [])), ['admin-drowse-ipv4']);
});

void test('an activator of one family is in slices of that family alone', () => {
  const activators = [activator(1, { addresses: ['10.0.0.1'] })];
  const made = wantedSlices(wish({ activators, services: [web] }), []);
  assert.deepEqual(names(made), ['web-drowse-ipv4']);
});

void test('an activator that ends takes nothing new; one that is not ready keeps what it has', () => {
  const activators = [
    activator(1),
    activator(2, { isEnding: true, zone: 'a' }),
    activator(3, { isReady: false }),
    activator(4, { isReady: false, isEnding: true }),
  ];
  const [slice] = wantedSlices(wish({ activators, services: [admin] }), []);
  assert.deepEqual(conditions(slice), [
    { ready: true, serving: true, terminating: false },
    { ready: false, serving: true, terminating: true },
    { ready: false, serving: false, terminating: false },
    { ready: false, serving: false, terminating: true },
  ]);
  assert.equal(slice?.endpoints?.[1]?.zone, 'a');
});

void test('whoever leaves serves on until it is gone', () => {
  const [slice] = wantedSlices(wish({ stage: 'leaving', services: [admin] }), []);
  assert.deepEqual(
    conditions(slice),
    [1, 2].map(() => ({ ready: false, serving: true, terminating: true })),
  );
  assert.deepEqual(wantedSlices(wish({ stage: 'absent' }), [slice ?? assert.fail()]), []);
});

void test('what is as it should be is not written again, whatever others have added', () => {
  const made = wantedSlices(wish(), []);
  assert.equal(diffSlices(made, []).apply.length, 3);
  const found = made.map((slice) => ({
    ...slice,
    metadata: { ...slice.metadata, resourceVersion: '7', labels: { ...slice.metadata.labels, team: 'a' } },
  }));
  assert.deepEqual(diffSlices(wantedSlices(wish(), found), found), { apply: [], remove: [] });
  const tampered = found.map((slice, index) => (index === 1 ? { ...slice, endpoints: null } : slice));
  const { apply, remove } = diffSlices(wantedSlices(wish(), tampered), tampered);
  assert.deepEqual([names(apply), remove], [['web-drowse-ipv6'], []]);
});

void test('nothing is deleted from under those who use it: it leaves first', () => {
  const found = wantedSlices(wish(), []);
  const first = diffSlices(wantedSlices(wish({ stage: 'absent' }), found), found);
  assert.deepEqual([names(first.apply), first.remove], [names(found), []]);
  assert.ok(first.apply.flatMap(conditions).every((one) => one?.ready === false && one.terminating === true));
  const second = diffSlices([], first.apply);
  assert.deepEqual([second.apply, names(second.remove)], [[], names(found)]);
});

void test('a Service that is not handled any more loses its slices in the same way; the others stay', () => {
  const found = wantedSlices(wish(), []);
  const later = wish({ services: [web] });
  const { apply, remove } = diffSlices(wantedSlices(later, found), found);
  assert.deepEqual([names(apply), remove], [['admin-drowse-ipv4'], []]);
});

void test('what is being deleted is not deleted again, and is made anew if it is wanted', () => {
  const found = wantedSlices(wish({ services: [admin] }), []).map((slice) => ({
    ...slice,
    metadata: { ...slice.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  }));
  assert.deepEqual(diffSlices([], found), { apply: [], remove: [] });
  assert.equal(diffSlices(wantedSlices(wish({ services: [admin] }), found), found).apply.length, 1);
});

void test('a pod is an activator as soon as it has an address, and until it has ended', () => {
  const pod = (status: Pod['status'], deletionTimestamp?: string): Pod => ({
    metadata: {
      namespace: 'd',
      name: 'p',
      uid: 'u',
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    spec: { nodeName: 'n', containers: [] },
    ...(status !== undefined && { status }),
  });
  const zoneOf = () => 'z';
  const podIPs = [{ ip: '10.0.0.1' }];
  const ready = { podIPs, conditions: [{ type: 'Ready', status: 'True' as const }] };
  assert.equal(activatorOf(pod(undefined), zoneOf), null);
  assert.equal(activatorOf(pod({ ...ready, phase: 'Succeeded' }), zoneOf), null);
  assert.deepEqual(activatorOf(pod(ready), zoneOf), {
    namespace: 'd',
    name: 'p',
    uid: 'u',
    addresses: ['10.0.0.1'],
    nodeName: 'n',
    zone: 'z',
    isReady: true,
    isEnding: false,
  });
  assert.equal(activatorOf(pod({ podIPs }), zoneOf)?.isReady, false);
  assert.equal(activatorOf(pod(ready, 'now'), zoneOf)?.isEnding, true);
});

void test('however many activators come and go, none moves, none is lost, and no slice is too long', () => {
  const one = fc.uniqueArray(fc.integer({ min: 1, max: 260 }), { maxLength: 260, minLength: 90 });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (steps) => {
      let found: readonly EndpointSlice[] = [];
      for (const step of steps) {
        const homes = homesOf(found);
        const made = wantedSlices(
          wish({ services: [admin], activators: step.map((index) => activator(index)) }),
          found,
        );
        assert.equal(made.flatMap(({ endpoints }) => endpoints ?? []).length, step.length);
        assert.ok(made.every(({ endpoints }) => (endpoints ?? []).length <= mostEndpoints));
        for (const [name, home] of homesOf(made)) assert.ok([undefined, home].includes(homes.get(name)));
        assert.equal(new Set(names(made)).size, made.length);
        found = made;
      }
    }),
    { numRuns: 30 },
  );
});

/** Which slice each pod is in. */
function homesOf(slices: readonly EndpointSlice[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    slices.flatMap(({ metadata, endpoints }) =>
      (endpoints ?? []).map(({ targetRef }) => [targetRef?.name ?? '', metadata.name] as const),
    ),
  );
}
