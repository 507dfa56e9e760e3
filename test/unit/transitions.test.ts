import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initial, step } from '../../src/core/handover/handover.ts';
import type { HandoverEvent, HandoverState } from '../../src/core/handover/types.ts';
import { transitions } from '../../src/monitoring/exporter-vocabulary.ts';
import {
  broken,
  hopeless,
  leaving,
  none,
  one,
  starting,
  testConfig,
} from '../../src/testing/handover-states.ts';

const events: readonly HandoverEvent[] = [
  ...[0, 1, 2].map((replicas) => ({ type: 'wish', replicas }) as const),
  { type: 'demand' },
  ...[none, starting, one, leaving].map((observed) => ({ type: 'observed', observed }) as const),
  ...[broken, hopeless].map((failure) => ({ type: 'failed', failure }) as const),
  ...(['hold', 'inline', 'refuse'] as const).map((route) => ({ type: 'routed', route }) as const),
  ...[
    { held: 0, inFlight: 0, known: true },
    { held: 0, inFlight: 1, known: true },
    { held: 1, inFlight: 0, known: true },
    { held: 0, inFlight: 0, known: false },
  ].map((usage) => ({ type: 'usage', ...usage }) as const),
  { type: 'forgive' },
  { type: 'outdated' },
  { type: 'tick' },
];

/** Numbers below `bound`, the same at each run. */
function createChoice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function walked(seed: number, steps: number): ReadonlySet<string> {
  const choose = createChoice(seed);
  const seen = new Set<string>();
  let nowMs = 0;
  let state: HandoverState = initial(testConfig, nowMs, 1);
  for (let i = 0; i < steps; i += 1) {
    nowMs += choose(4) === 0 ? choose(30_000) : choose(100);
    const before = state.phase;
    state = step(testConfig, state, events[choose(events.length)] ?? { type: 'tick' }, nowMs).state;
    if (state.phase !== before) seen.add(`${before} → ${state.phase}`);
  }
  return seen;
}

test('the series of transitions that are there from the start are those that can occur: no more, no fewer', () => {
  const known = transitions.map(([from, to]) => `${from} → ${to}`);
  assert.deepEqual([...walked(1, 200_000)].toSorted(), known.toSorted());
});
