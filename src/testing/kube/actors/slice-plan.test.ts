import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint, EndpointSlice } from '../../../platforms/kubernetes/client/resources.ts';
import { planSlices, type SliceContent } from './slice-plan.ts';

const ports = [{ name: 'web', port: 80, protocol: 'TCP' as const }];
const endpoint = (uid: number): Endpoint => ({ addresses: ['10.0.0.1'], targetRef: { uid: String(uid) } });
const endpoints = (from: number, to: number): readonly Endpoint[] =>
  Array.from({ length: to - from }, (_, index) => endpoint(from + index));

function slice(name: string, content: SliceContent): EndpointSlice {
  return { metadata: { name }, addressType: 'IPv4', ...content };
}

test('more than a hundred endpoints need more than one slice', () => {
  const { make, change, remove } = planSlices([], [{ endpoints: endpoints(0, 250), ports }]);
  assert.deepEqual(
    make.map((one) => one.endpoints.length),
    [100, 100, 50],
  );
  assert.deepEqual([change, remove], [[], []]);
});

test('who stays, stays in the same slice; who comes fills it up', () => {
  const [a, b] = [
    slice('a', { endpoints: endpoints(0, 100), ports }),
    slice('b', { endpoints: endpoints(100, 150), ports }),
  ];
  const { make, change, remove } = planSlices([a, b], [{ endpoints: endpoints(10, 160), ports }]);
  assert.deepEqual([make, remove], [[], []]);
  const sizes = change.map(([{ metadata }, content]) => [metadata.name, content.endpoints.length]);
  assert.deepEqual(sizes, [['a', 100]]);
});

test('what is as it should be is not written', () => {
  const content = { endpoints: endpoints(0, 3), ports };
  assert.deepEqual(planSlices([slice('a', content)], [content]), { make: [], change: [], remove: [] });
});

test('other ports are another group, which takes over the slice that would go', () => {
  const others = [{ name: 'web', port: 81, protocol: 'TCP' as const }];
  const old = slice('a', { endpoints: endpoints(0, 1), ports });
  const { make, change, remove } = planSlices([old], [{ endpoints: endpoints(0, 1), ports: others }]);
  assert.deepEqual([make, remove], [[], []]);
  assert.deepEqual(
    change.map(([, content]) => content.ports),
    [others],
  );
});

test('the last slice stays, empty', () => {
  const all = ['a', 'b'].map((name, index) => slice(name, { endpoints: endpoints(index, index + 1), ports }));
  const { make, change, remove } = planSlices(all, []);
  assert.deepEqual([make, change.map(([, content]) => content)], [[], [{ endpoints: [], ports: [] }]]);
  assert.deepEqual(
    remove.map(({ metadata }) => metadata.name),
    ['b'],
  );
});
