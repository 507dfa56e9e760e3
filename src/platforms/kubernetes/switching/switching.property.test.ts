import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SwitchWorld, type Taken, type WorldOptions } from '../../../testing/switch-world/world.ts';
import type { Side } from './types.ts';

const faultsMs = 120_000;
/** Put-backs, barriers that wait for their time-out, and a whole way up and down again (I3). */
const settleMs = 60_000;
const retireMs = 5_000;

type Order =
  | { readonly kind: 'want'; readonly side: Side }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'stop'; readonly node: number }
  | { readonly kind: 'resume'; readonly node: number }
  | { readonly kind: 'activators'; readonly count: number };

const order: fc.Arbitrary<Order> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('want' as const),
      side: fc.constantFrom<Side>('hold', 'direct'),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Order>({ kind: 'start' }) },
  { weight: 2, arbitrary: fc.constant<Order>({ kind: 'end' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), node: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const), node: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('activators' as const), count: fc.constantFrom(0, 2) }),
  },
);

const script = fc.array(fc.record({ atMs: fc.nat(faultsMs), order }), { maxLength: 40, size: 'max' });
const chance = fc.constantFrom(0, 0, 0.05, 0.3);

const options: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.integer(),
  cluster: fc.record({
    nodes: fc.constant(3),
    longestLagMs: fc.constantFrom(1, 1_000, 8_000),
    putBack: chance,
  }),
  config: fc.record({
    takesPodsOut: fc.boolean(),
    maxPutBacks: fc.constantFrom(0, 3, 100),
    unseenNodes: fc.constantFrom('wait' as const, 'go-on' as const),
    retireMs: fc.constant(retireMs),
    reassertMs: fc.constant(2_000),
  }),
  loss: chance,
  repeat: chance,
  faultsUntilMs: fc.constant(faultsMs),
});

function obey(world: SwitchWorld, given: Order): void {
  switch (given.kind) {
    case 'want':
      return world.want(given.side);
    case 'start':
      return world.cluster.start();
    case 'end':
      return world.cluster.end();
    case 'stop':
      return void world.cluster.stopped.add(given.node);
    case 'resume':
      return world.cluster.resume(given.node);
    default:
      return world.deliver({ type: 'activators', count: given.count });
  }
}

function play(given: WorldOptions, orders: readonly { atMs: number; order: Order }[]): SwitchWorld {
  const world = new SwitchWorld(given);
  world.check = allPromises;
  for (const { atMs, order: each } of orders) world.agenda.at(atMs, () => obey(world, each));
  return world;
}

function heal(world: SwitchWorld): void {
  for (const node of world.cluster.seen.keys()) world.cluster.resume(node);
  world.cluster.putsBack = false;
  world.deliver({ type: 'activators', count: 2 });
}

function allPromises(taken: Taken, world: SwitchWorld): void {
  heldMeansAll(taken, world);
  podsAreTakenOutBesideUs(taken, world);
  somebodyAnswers(taken);
  nothingWaitsForEver(taken);
}

/** Who is told that every new connection comes to the activators can rely on it: on every node that answered. */
function heldMeansAll({ before, state, effects }: Taken, world: SwitchWorld): void {
  const entered = state.step === 'holding' && before.step !== 'holding';
  assert.equal(
    entered && !effects.some((effect) => effect.type === 'routed' && effect.side === 'hold'),
    false,
  );
  if (!entered) return;
  const { log, seen } = world.cluster;
  const revision = log[world.passedRevision];
  assert.equal(revision?.ours, 'ready');
  if (world.config.takesPodsOut) assert.equal(revision.ready, 0, 'a pod was ready when the nodes were asked');
  for (const [node, index] of seen.entries())
    if (!state.unseen.includes(String(node))) assert.ok(index >= world.passedRevision, `node ${node} lags`);
  if (world.config.unseenNodes === 'wait') assert.deepEqual(state.unseen, []);
}

/** The moment before this one, somebody else must be there on every node. */
function podsAreTakenOutBesideUs({ before, state, effects }: Taken, world: SwitchWorld): void {
  if (!effects.some(({ type }) => type === 'take-out')) return;
  assert.equal(world.cluster.newest.ours, 'ready');
  assert.ok(state.activators > 0 || state.pods.serving === 0);
  if (before.step !== 'joining') return;
  assert.equal(world.cluster.log[world.passedRevision]?.ours, 'ready');
}

/** Our slice goes only where pods are known to be ready. */
function somebodyAnswers({ before, state, effects }: Taken): void {
  const leaves = effects.some((effect) => effect.type === 'slice' && effect.stage !== 'ready');
  if (leaves && before.step !== 'direct') assert.ok(state.pods.ready > 0);
}

/** An effect or an event that was lost is waited for with a timer. */
function nothingWaitsForEver({ state }: Taken): void {
  const rests = state.step === 'direct' || state.step === 'holding';
  assert.ok(rests || state.deadlineMs !== null, `${state.step} without a deadline`);
}

const runs = { numRuns: 1_000 };

test('whatever happens, once faults stop the switch is where it is wanted, and no pod is kept out for nothing (I3)', () => {
  fc.assert(
    fc.property(options, script, fc.constantFrom<Side>('hold', 'direct'), (given, orders, side) => {
      const world = play(given, orders);
      world.runUntil(faultsMs);
      heal(world);
      world.want(side);
      world.runUntil(faultsMs + settleMs);
      const { newest, pods, seen, log } = world.cluster;
      assert.equal(world.told, side);
      if (side === 'hold') {
        assert.equal(world.state.step, 'holding');
        assert.equal(newest.ours, 'ready');
        if (given.config.takesPodsOut) assert.equal(newest.ready, 0);
      } else {
        assert.equal(world.state.step, pods.length > 0 ? 'direct' : 'bridging');
        assert.equal(newest.ours, pods.length > 0 ? 'absent' : 'ready');
        assert.equal(newest.ready, pods.length);
      }
      for (const index of seen) assert.equal(index, log.length - 1);
    }),
    runs,
  );
});
