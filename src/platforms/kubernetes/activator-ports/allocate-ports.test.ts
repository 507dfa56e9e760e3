import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type AllocationRules,
  type ActivatorPort,
  allocatePorts,
  exhaustedMessage,
  type PortAllocation,
  type PortClaim,
  type PortKey,
} from './allocate-ports.ts';
import { defaultPortRange, parsePortRange, sizeOf } from './port-range.ts';
import { preferredPort } from './preferred-port.ts';

const rulesOf = (first: number, last: number, avoid: readonly number[] = []): AllocationRules => ({
  range: { first, last },
  avoid: new Set(avoid),
});

function claim(
  name: string,
  wanted: readonly PortKey[],
  allocated: readonly ActivatorPort[] = [],
  creationTimestamp = '2026-01-01T00:00:00Z',
): PortClaim {
  return { app: { metadata: { namespace: 'shop', name, creationTimestamp } }, wanted, allocated };
}

const web = { service: 'web', port: 80 };
const numbers = ({ ports }: PortAllocation | undefined = { ports: [], missing: [] }) =>
  ports.map(({ activatorPort }) => activatorPort);

void test('a status holds, also outside of the range; what is not wanted any more is given up', () => {
  const allocated = [
    { ...web, activatorPort: 5_000 },
    { service: 'web', port: 443, activatorPort: 5_001 },
  ];
  const [made] = allocatePorts([claim('a', [web], allocated)], rulesOf(20_000, 20_009));
  assert.deepEqual(made, { ports: [{ ...web, activatorPort: 5_000 }], missing: [] });
});

void test('where two statuses say the same the older app keeps it, however they come', () => {
  const allocated = [{ ...web, activatorPort: 20_004 }];
  const old = claim('z', [web], allocated, '2025-01-01T00:00:00Z');
  const young = claim('a', [web], allocated, '2026-01-01T00:00:00Z');
  const [first, second] = allocatePorts([young, old], rulesOf(20_000, 20_009));
  assert.deepEqual(numbers(second), [20_004]);
  assert.notDeepEqual(numbers(first), [20_004]);
  assert.equal(numbers(first).length, 1);
});

void test('one status that says the same twice keeps one of them', () => {
  const admin = { service: 'admin', port: 80 };
  const allocated = [web, admin].map((key) => ({ ...key, activatorPort: 20_000 }));
  const [made] = allocatePorts([claim('a', [web, admin], allocated)], rulesOf(20_000, 20_009));
  assert.equal(new Set(numbers(made)).size, 2);
  assert.equal(numbers(made)[0], 20_000);
});

void test('when none is left it is said of whom, and the others have theirs', () => {
  const rules = rulesOf(20_000, 20_002, [20_001]);
  const claims = ['a', 'b', 'c'].map((name) => claim(name, [web]));
  const made = allocatePorts(claims, rules);
  assert.deepEqual(
    made.flatMap(numbers).toSorted((a, b) => a - b),
    [20_000, 20_002],
  );
  assert.deepEqual(
    made.map(({ missing }) => missing.length),
    [0, 0, 1],
  );
  assert.equal(
    exhaustedMessage(web, rules),
    'No activator port is left for port 80 of Service web: all 3 from 20000 to 20002 are taken. Give Drowse a wider range.',
  );
});

void test('who is deleted and created again gets its port back', () => {
  const [first] = allocatePorts([claim('a', [web])], rulesOf(20_000, 29_999));
  const [again] = allocatePorts([claim('a', [web], [], '2026-06-01T00:00:00Z')], rulesOf(20_000, 29_999));
  assert.deepEqual(again, first);
});

void test('names point everywhere in a range', () => {
  const range = { first: 20_000, last: 20_015 };
  const hits = Array.from({ length: 400 }, (_, index) => preferredPort(`shop/app-${index}/web:80`, range));
  assert.equal(new Set(hits).size, sizeOf(range));
  assert.ok(hits.every((port) => port >= range.first && port <= range.last));
});

void test('ranges are read, or what was expected is said', () => {
  assert.deepEqual(parsePortRange('20000-29999'), { ok: true, range: defaultPortRange });
  assert.deepEqual(parsePortRange(' 1024 - 1024 '), { ok: true, range: { first: 1024, last: 1024 } });
  for (const text of ['', '80-90', '20000', '3-2', '30000-20000', '20000-70000', '-1-5', 'a-b']) {
    const parsed = parsePortRange(text);
    assert.ok(!parsed.ok && parsed.message.includes('as in 20000-29999'), text);
  }
});

/** Apps that come, change and go, in a range that may be too small for them. */
const keys = fc.uniqueArray(
  fc.record({ service: fc.constantFrom('web', 'admin'), port: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 5, selector: ({ service, port }) => `${service}:${port}` },
);
const status = fc.array(
  fc.record({
    service: fc.constantFrom('web', 'admin'),
    port: fc.integer({ min: 1, max: 4 }),
    activatorPort: fc.integer({ min: 98, max: 116 }),
  }),
  { maxLength: 5 },
);
const claims = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      created: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
      keys,
      status,
    })
    .map((made) => claim(made.name, made.keys, made.status, made.created)),
  { maxLength: 6, selector: ({ app }) => app.metadata.name ?? '' },
);
const allRules = fc
  .record({ size: fc.integer({ min: 1, max: 14 }), avoid: fc.array(fc.integer({ min: 100, max: 113 })) })
  .map(({ size, avoid }) => rulesOf(100, 99 + size, avoid));

const withStatus = (list: readonly PortClaim[], made: readonly PortAllocation[]): readonly PortClaim[] =>
  list.map((one, index) => ({ ...one, allocated: made[index]?.ports ?? [] }));

void test('no port has two owners, new ones are within the range, and none is missing while one is free', () => {
  fc.assert(
    fc.property(claims, allRules, (list, rules) => {
      const made = allocatePorts(list, rules);
      const all = made.flatMap(numbers);
      assert.equal(new Set(all).size, all.length);
      for (const [index, one] of list.entries()) {
        const before = new Set(one.allocated.map(({ activatorPort }) => activatorPort));
        for (const port of numbers(made[index])) {
          if (before.has(port)) continue;
          assert.ok(port >= rules.range.first && port <= rules.range.last && !rules.avoid.has(port));
        }
        assert.equal(
          (made[index]?.ports.length ?? 0) + (made[index]?.missing.length ?? 0),
          one.wanted.length,
        );
      }
      const free = Array.from(
        { length: sizeOf(rules.range) },
        (_, index) => rules.range.first + index,
      ).filter((port) => !all.includes(port) && !rules.avoid.has(port));
      if (made.some(({ missing }) => missing.length > 0)) assert.deepEqual(free, []);
    }),
  );
});

void test('the order of the claims does not matter', () => {
  fc.assert(
    fc.property(claims, allRules, (list, rules) => {
      const backwards = allocatePorts(list.toReversed(), rules).toReversed();
      assert.deepEqual(backwards, allocatePorts(list, rules));
    }),
  );
});

void test('a restart changes nothing, and neither do apps that come, nor those that go', () => {
  fc.assert(
    fc.property(claims, claims, allRules, fc.nat(), (list, more, rules, pick) => {
      const made = allocatePorts(list, rules);
      const settled = withStatus(list, made);
      const known = new Set(list.map(({ app }) => app.metadata.name));
      const newcomers = more
        .filter(({ app }) => !known.has(app.metadata.name))
        .map((one) => ({ ...one, allocated: [] }));
      const [goes] = settled.length > 0 ? [settled[pick % settled.length]] : [];
      const later = allocatePorts([...newcomers, ...settled.filter((one) => one !== goes)], rules);
      const now = later.slice(newcomers.length);
      const then = made.filter((_, index) => settled[index] !== goes);
      for (const [index, { ports }] of then.entries())
        for (const port of ports)
          assert.ok(now[index]?.ports.some((one) => one.activatorPort === port.activatorPort));
    }),
  );
});
