import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { Agenda } from '../../../testing/handover-world/agenda.ts';
import { SimRandom } from '../../../testing/sim/random.ts';
import { initial, step } from './barrier.ts';
import type { BarrierConfig, BarrierEffect, BarrierEvent, BarrierState } from './types.ts';

const config: BarrierConfig = { timeoutMs: 5_000, reassertMs: 1_000 };

class Played {
  state: BarrierState = initial;
  nowMs = 0;

  constructor(...nodes: string[]) {
    this.on({ type: 'nodes', names: nodes });
  }

  on(event: BarrierEvent): readonly BarrierEffect[] {
    const { state, effects } = step(config, this.state, event, this.nowMs);
    this.state = state;
    return effects;
  }
}

describe('asking the nodes', () => {
  test('moves the canary, connects by way of each node, and answers when all have led to the new place', () => {
    const played = new Played('a', 'b');
    assert.deepEqual(played.on({ type: 'ask', id: 7 }), [{ type: 'move', generation: 1 }]);
    assert.deepEqual(played.on({ type: 'stored', generation: 1 }), [{ type: 'probe', nodes: ['a', 'b'] }]);
    assert.deepEqual(played.on({ type: 'led', node: 'b', generation: 1 }), [{ type: 'probe', nodes: ['a'] }]);
    assert.deepEqual(played.on({ type: 'led', node: 'a', generation: 1 }), [
      { type: 'passed', id: 7, unseen: [] },
      { type: 'probe', nodes: [] },
    ]);
    assert.equal(played.state.deadlineMs, null);
  });

  test('who asks while the canary moves waits for the next move, which others share', () => {
    const played = new Played('a');
    played.on({ type: 'ask', id: 1 });
    assert.deepEqual([...played.on({ type: 'ask', id: 2 }), ...played.on({ type: 'ask', id: 3 })], []);
    assert.deepEqual(played.on({ type: 'stored', generation: 1 })[0], { type: 'move', generation: 2 });
    played.on({ type: 'led', node: 'a', generation: 1 });
    played.on({ type: 'stored', generation: 2 });
    const answered = played.on({ type: 'led', node: 'a', generation: 2 });
    const ids = answered.flatMap((effect) => (effect.type === 'passed' ? [effect.id] : []));
    assert.deepEqual(ids, [2, 3]);
  });

  test('a node that does not lead there in time is named', () => {
    const played = new Played('a', 'b');
    played.on({ type: 'ask', id: 1 });
    played.on({ type: 'stored', generation: 1 });
    played.on({ type: 'led', node: 'a', generation: 1 });
    played.nowMs = config.timeoutMs;
    assert.deepEqual(played.on({ type: 'tick' })[0], { type: 'passed', id: 1, unseen: ['b'] });
  });

  test('with the API server away nobody has seen anything', () => {
    const played = new Played('a');
    played.on({ type: 'ask', id: 1 });
    played.nowMs = config.reassertMs;
    assert.deepEqual(played.on({ type: 'tick' })[0], { type: 'move', generation: 1 });
    played.nowMs = config.timeoutMs;
    assert.deepEqual(played.on({ type: 'tick' })[0], { type: 'passed', id: 1, unseen: ['a'] });
  });

  test('a node that is gone is not waited for', () => {
    const played = new Played('a', 'b');
    played.on({ type: 'ask', id: 1 });
    played.on({ type: 'stored', generation: 1 });
    played.on({ type: 'led', node: 'a', generation: 1 });
    assert.deepEqual(played.on({ type: 'nodes', names: ['a'] })[0], { type: 'passed', id: 1, unseen: [] });
    assert.deepEqual(played.on({ type: 'led', node: 'b', generation: 1 }), []);
  });

  test('a cluster without nodes has nothing to wait for but the write', () => {
    const played = new Played();
    played.on({ type: 'ask', id: 1 });
    assert.deepEqual(played.on({ type: 'stored', generation: 1 }), [{ type: 'passed', id: 1, unseen: [] }]);
  });
});

interface Asked {
  /** How many writes there had been. */
  readonly writes: number;
}

test('who is told that all nodes have seen it can rely on it, and everybody is told in time', () => {
  const script = fc.array(fc.record({ atMs: fc.nat(20_000), stop: fc.option(fc.nat(2)) }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(1, 300, 9_000), fc.constantFrom(0, 0.3), script, play),
    { numRuns: 500 },
  );
});

/** Nodes apply a log of writes, of which the moves of the canary are some, each at its own pace; now and then one stops. */
function play(
  seed: number,
  lagMs: number,
  loss: number,
  script: readonly { readonly atMs: number; readonly stop: number | null }[],
): void {
  const [agenda, random] = [new Agenda(), new SimRandom(seed)];
  const names = ['a', 'b', 'c'];
  const log: number[] = [];
  const seen = new Map(names.map((name) => [name, 0]));
  const stopped = new Set<string>();
  const asked = new Map<number, Asked>();
  let state = initial;
  let probing: readonly string[] = [];
  let moving = 0;

  const write = (generation: number): void => {
    log.push(generation);
    const writes = log.length;
    for (const name of names)
      agenda.after(random.below(lagMs), () => {
        if (!stopped.has(name)) seen.set(name, Math.max(seen.get(name) ?? 0, writes));
      });
  };
  const carryOut = (effect: BarrierEffect): void => {
    if (effect.type === 'passed') {
      const { writes } = asked.get(effect.id) ?? { writes: Infinity };
      for (const [name, applied] of seen)
        if (!effect.unseen.includes(name)) assert.ok(applied >= writes, `${name} has not seen it`);
      asked.delete(effect.id);
    } else if (effect.type === 'probe') probing = effect.nodes;
    else if (!random.chance(loss) && moving < effect.generation) {
      moving = effect.generation;
      agenda.after(random.below(50), () => {
        write(effect.generation);
        agenda.after(random.below(50), () => take({ type: 'stored', generation: effect.generation }));
      });
    }
  };
  const take = (event: BarrierEvent): void => {
    const done = step(config, state, event, agenda.nowMs);
    state = done.state;
    for (const effect of done.effects) carryOut(effect);
  };
  const probe = (): void => {
    for (const name of probing) {
      const generation = Math.max(0, ...log.slice(0, seen.get(name)));
      if (generation > 0) take({ type: 'led', node: name, generation });
    }
    agenda.after(100, probe);
  };
  take({ type: 'nodes', names });
  probe();
  for (const [id, { atMs, stop }] of script.entries())
    agenda.at(atMs, () => {
      if (stop !== null) stopped.add(names[stop] ?? '');
      write(0);
      asked.set(id, { writes: log.length });
      take({ type: 'ask', id });
    });
  agenda.runUntil(30_000, { dueMs: () => state.deadlineMs, fire: () => take({ type: 'tick' }) });
  assert.equal(asked.size, 0, 'somebody was not told');
}
