import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Taken, WorldOptions } from '../../testing/handover-world/world.ts';
import { World } from '../../testing/handover-world/world.ts';
import type { Phase } from './types.ts';

const faultsMs = 90_000;
const idleMs = 15_000;
/** Long enough for every back-off, start and stop that may be under way when the faults end (I3). */
const settleMs = 30_000;

type Command =
  | { readonly kind: 'arrive'; readonly lengthMs: number; readonly count: number }
  | { readonly kind: 'want'; readonly replicas: number }
  | { readonly kind: 'crash' | 'forgive' | 'edit' | 'known' | 'unknown' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      lengthMs: fc.oneof(fc.nat(200), fc.nat(45_000)),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('want' as const), replicas: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('crash', 'forgive', 'edit', 'known', 'unknown') }),
  },
);

const script = fc.array(fc.record({ atMs: fc.nat(faultsMs), command }), { maxLength: 40, size: 'max' });
const chance = fc.constantFrom(0, 0, 0.05, 0.3);

const options: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.integer(),
  faultsUntilMs: fc.constant(faultsMs),
  loss: chance,
  repeat: chance,
  badStart: fc.constantFrom(0, 0.2, 0.9, 1),
  idleMs: fc.constant(idleMs),
  longestStartMs: fc.constantFrom(1, 300, 5_000),
  config: fc.record({
    maxBackOffMs: fc.constant(8_000),
    stableAfterMs: fc.constantFrom(500, 5_000),
    drainTimeoutMs: fc.constantFrom(0, 2_000, 30_000),
  }),
});

function obey(world: World, order: Command): void {
  if (order.kind === 'arrive')
    for (let each = 0; each < order.count; each += 1) world.dataPath.arrive(order.lengthMs);
  else if (order.kind === 'want') world.want(order.replicas);
  else if (order.kind === 'crash') world.platform.crash();
  else if (order.kind === 'forgive') world.forgive();
  else if (order.kind === 'edit') world.edit();
  else world.known = order.kind === 'known';
}

function play(given: WorldOptions, orders: readonly { atMs: number; command: Command }[]): World {
  const world = new World(given);
  world.check = allInvariants;
  for (const { atMs, command: order } of orders) world.agenda.at(atMs, () => obey(world, order));
  world.agenda.at(faultsMs, () => (world.known = true));
  return world;
}

function allInvariants(taken: Taken, world: World): void {
  savedIsKept(taken);
  inlineOnlyToSomething(taken);
  unknownLowersNothing(taken, world);
  usesAreLetFinish(taken, world);
  oneTimer(taken);
}

/** I7 */
function savedIsKept({ before, event, step: { state } }: Taken): void {
  assert.ok(state.saved >= 1);
  if (state.saved !== before.saved) {
    assert.equal(event.type, 'wish');
    assert.ok(event.type === 'wish' && event.replicas >= 1);
  }
}

function inlineOnlyToSomething({ step: { state, effects } }: Taken): void {
  const inline = effects.some((effect) => effect.type === 'route' && effect.route === 'inline');
  assert.ok(!inline || state.observed.serving > 0, 'route inline with nothing serving');
}

/** I5: what takes capacity away is known idleness, the drain time, or a failure; never something unknown. */
function unknownLowersNothing({ before, event, step: { state, effects } }: Taken, world: World): void {
  const zero = effects.some((effect) => effect.type === 'scale' && effect.replicas === 0);
  if (!zero || before.stopping || before.phase === 'failed') return;
  if (state.phase === 'failed') return assert.equal(state.observed.serving, 0);
  if (event.type === 'usage') return assert.ok(event.known, 'lowered on unknown use');
  assert.deepEqual([before.phase, event.type], ['draining', 'tick']);
  assert.ok(world.toldKnown, 'the drain time ran out on unknown use');
}

/** The truth of the model, not what the automaton was told. */
function usesAreLetFinish({ nowMs, before, step: { effects } }: Taken, world: World): void {
  const zero = effects.some((effect) => effect.type === 'scale' && effect.replicas === 0);
  if (!zero || before.stopping || !['stepping-in', 'draining'].includes(before.phase)) return;
  const drained = before.phase === 'draining' && nowMs >= before.sinceMs + world.config.drainTimeoutMs;
  assert.ok(drained || world.platform.inFlight('serving') === 0, 'capacity taken from uses in flight');
}

/** Nothing may wait without a timer, or an event lost would be waited for without end. */
function oneTimer({ step: { state } }: Taken): void {
  const waits = ['waking', 'handing-over', 'stepping-in', 'draining'].includes(state.phase);
  assert.ok(!waits || state.deadlineMs !== null, `${state.phase} without a deadline`);
}

const runs = { numRuns: 1_000 };

test('whatever happens, once faults stop everybody is answered and an unused app is asleep (I1, I3)', () => {
  fc.assert(
    fc.property(options, script, (given, orders) => {
      const world = play(given, orders);
      world.runUntil(faultsMs + settleMs);
      assert.equal(world.dataPath.held.size, 0, `still held in ${world.state.phase}`);
      world.runUntil(faultsMs + settleMs + idleMs + 60_000);
      assert.ok(['asleep', 'failed'].includes(world.state.phase), world.state.phase);
      assert.equal(world.platform.replicas.size, 0);
      const { arrived, served, refused, cut } = world.dataPath;
      assert.equal(arrived, served + refused + cut);
      assert.ok(world.longestHeldMs <= settleMs);
    }),
    runs,
  );
});

test('once faults stop, a client that comes is served (I3)', () => {
  fc.assert(
    fc.property(
      options,
      script,
      fc.integer({ min: settleMs, max: 3 * settleMs }),
      (given, orders, laterMs) => {
        const world = play(given, orders);
        world.runUntil(faultsMs + laterMs);
        const { served, refused } = world.dataPath;
        world.dataPath.arrive(0);
        world.runUntil(faultsMs + laterMs + 6_500);
        assert.equal(world.dataPath.refused, refused);
        assert.ok(world.dataPath.served > served);
      },
    ),
    runs,
  );
});

const down: readonly Phase[] = ['asleep', 'stepping-in', 'draining'];

test('while anybody is held, a wake is under way within a second or they are refused', () => {
  fc.assert(
    fc.property(options, script, (given, orders) => {
      const world = play(given, orders);
      let neglectedSinceMs = Infinity;
      const look = (): void => {
        const neglected = world.dataPath.held.size > 0 && down.includes(world.state.phase);
        neglectedSinceMs = neglected ? Math.min(neglectedSinceMs, world.agenda.nowMs) : Infinity;
        const forMs = world.agenda.nowMs - neglectedSinceMs;
        assert.ok(!(forMs > world.config.reassertMs), `${world.state.phase} for ${forMs} ms`);
      };
      world.check = (taken, here) => {
        allInvariants(taken, here);
        look();
      };
      const lookEvery = (atMs: number): void => {
        look();
        if (atMs < faultsMs) world.agenda.at(atMs + 100, () => lookEvery(atMs + 100));
      };
      world.agenda.at(0, () => lookEvery(0));
      world.runUntil(faultsMs);
    }),
    { numRuns: 500 },
  );
});

test('an idle window has at most one sleep and one wake (I4)', () => {
  fc.assert(
    fc.property(options, script, (given, orders) => {
      const world = play({ ...given, badStart: 0 }, orders);
      world.runUntil(faultsMs + settleMs);
      const told: string[] = [];
      world.check = (taken, here) => {
        allInvariants(taken, here);
        for (const effect of taken.step.effects) {
          if (effect.type === 'tell') told.push(effect.event);
          if (effect.type === 'scale') told.push(effect.replicas === 0 ? 'lower' : 'raise');
        }
      };
      world.runUntil(faultsMs + settleMs + 120_000);
      assert.ok(told.filter((what) => what === 'slept').length <= 1, told.join());
      const raised = told.filter((what) => what === 'raise' || what === 'ready');
      assert.deepEqual(raised, [], told.join());
    }),
    { numRuns: 500 },
  );
});

const quiet = {
  seed: 1,
  faultsUntilMs: 0,
  loss: 0,
  repeat: 0,
  badStart: 0,
  idleMs: 10_000,
  longestStartMs: 500,
};

test('the plain case: a client wakes the app, is served, and the app sleeps again when idle', () => {
  const world = new World(quiet);
  const phases: string[] = [];
  world.check = ({ before, step: { state } }) => {
    if (before.phase !== state.phase) phases.push(state.phase);
  };
  world.agenda.at(100, () => world.dataPath.arrive(50));
  world.runUntil(60_000);
  assert.deepEqual(phases, ['waking', 'handing-over', 'awake', 'stepping-in', 'draining', 'asleep']);
  assert.equal(world.dataPath.served, 1);
  assert.equal(world.platform.replicas.size, 0);
});

test('a crash cuts what is in flight, and the app is woken again for whoever comes', () => {
  const world = new World(quiet);
  world.agenda.at(0, () => world.dataPath.arrive(60_000));
  world.agenda.at(2_000, () => world.platform.crash());
  world.agenda.at(2_001, () => world.dataPath.arrive(10));
  world.runUntil(5_000);
  assert.deepEqual([world.dataPath.served, world.dataPath.cut, world.state.phase], [1, 1, 'awake']);
});
