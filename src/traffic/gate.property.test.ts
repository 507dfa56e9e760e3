import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FakeClock } from '../testing/fake-clock.ts';
import { endpoint, FakeWaiter, RecordingObserver } from '../testing/fake-waiter.ts';
import { Gate } from './gate.ts';
import { HoldBudget } from './hold-budget.ts';

/**
 * Any sequence of arrivals, departures, ends, refused dials, routes, configurations and time: nobody is lost, nobody is granted twice, units are conserved, the
 * limits hold, the queue is fair, demand is a level. In the end an app that serves gets everybody who is left.
 */
type Step =
  | { readonly do: 'arrive'; readonly counts: boolean }
  | { readonly do: 'knock' }
  | { readonly do: 'settle' | 'leave' | 'done' | 'redial' | 'answered'; readonly who: number }
  | { readonly do: 'inline'; readonly ids: readonly string[] }
  | { readonly do: 'hold' }
  | { readonly do: 'refuse'; readonly forMs: number }
  | { readonly do: 'limit'; readonly maxConcurrency: number | null }
  | { readonly do: 'wait'; readonly ms: number };

const names = ['e1', 'e2', 'e3'];
const who = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('arrive' as const), counts: fc.constant(true) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'arrive', counts: false } as const) },
  { weight: 2, arbitrary: fc.constant({ do: 'knock' } as const) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('settle', 'leave', 'done', 'done', 'redial', 'answered'),
      who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('inline' as const), ids: fc.subarray(names) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'hold' } as const) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const), forMs: fc.nat(3000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('limit' as const),
      maxConcurrency: fc.constantFrom(1, 2, 3, null),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(2000) }) },
);

const maxHeld = 5;
const holdTimeoutMs = 4000;

class Bench {
  readonly clock = new FakeClock();
  readonly observer = new RecordingObserver();
  readonly budget = new HoldBudget(1000);
  readonly gate: Gate;
  readonly all: FakeWaiter[] = [];
  limits = { maxHeld, holdTimeoutMs, maxConcurrency: 2 as number | null };
  demandAtMs = Number.NaN;

  constructor() {
    this.gate = new Gate(this, this.limits);
    this.observer.onDemand = () => {
      this.demandAtMs = this.clock.monoMs();
    };
  }

  run(next: Step): void {
    switch (next.do) {
      case 'arrive':
        return void this.enter().arrive(next.counts);
      case 'knock':
        return this.knock();
      case 'inline':
        return this.gate.route({ mode: 'inline', endpoints: next.ids.map((id) => endpoint(id)) });
      case 'hold':
        return this.gate.route({ mode: 'hold' });
      case 'refuse':
        return this.refuse(next.forMs);
      case 'limit':
        this.limits = { ...this.limits, maxConcurrency: next.maxConcurrency };
        return this.gate.configure(this.limits);
      case 'wait':
        return this.clock.advance(next.ms);
      default:
        return this.act(next.do, next.who);
    }
  }

  enter(): FakeWaiter {
    const waiter = new FakeWaiter(this.gate, `w${this.all.length}`);
    this.all.push(waiter);
    const rank = this.all.length - 1;
    waiter.onGranted = () => this.assertFair(waiter, rank);
    return waiter;
  }

  /** Nobody who has asked for a unit all along, and came earlier, is still waiting. */
  assertFair(granted: FakeWaiter, rank: number): void {
    for (const other of this.all.slice(0, rank)) {
      const passedBy = other.state === 'held' && other.seat?.knocker === null && granted.grants === 1;
      assert.ok(!passedBy || other.grants > 0, `${granted.name} went before ${other.name}`);
    }
  }

  private knock(): void {
    const knocker = this.enter();
    knocker.state = 'held';
    this.gate.knock(knocker);
  }

  private refuse(forMs: number): void {
    const retryAtMs = this.clock.monoMs() + forMs;
    this.gate.route({
      mode: 'refuse',
      refusal: { state: 'failed', code: 'exited', message: '', failure: null, retryAtMs },
    });
  }

  private act(action: 'settle' | 'leave' | 'done' | 'redial' | 'answered', index: number): void {
    const wanted = action === 'settle' || action === 'leave' ? 'held' : 'in-flight';
    const candidates = this.all.filter((waiter) => waiter.state === wanted);
    const waiter = candidates[index % Math.max(1, candidates.length)];
    if (waiter === undefined) return;
    if (action === 'settle' || action === 'answered') this.gate[action](waiter);
    else waiter[action]();
  }

  check(): void {
    const held = this.all.filter((waiter) => waiter.state === 'held');
    const active = this.all.filter((waiter) => waiter.state === 'in-flight');
    const usage = this.gate.usage();
    assert.equal(usage.held, counted(held));
    assert.equal(usage.inFlight, counted(active));
    assert.equal(this.budget.used, held.length);
    for (const id of names) {
      const here = active.filter((waiter) => waiter.slot?.endpoint.id === id).length;
      assert.equal(this.gate.inFlightAt(id), here);
    }
    const returned = held.filter((waiter) => waiter.grants > 0).length;
    assert.ok(held.length - returned <= maxHeld);
    if (usage.held > 0) assert.ok(this.clock.monoMs() - this.demandAtMs <= 1000, 'demand was forgotten');
    for (const waiter of held) {
      const seat = waiter.seat;
      assert.equal(seat?.state, 'held');
      assert.ok(this.clock.monoMs() - seat.arrivedAtMs <= holdTimeoutMs, 'held for too long');
    }
  }

  /** An app that serves, with room for all, and no more faults. */
  heal(): void {
    this.run({ do: 'limit', maxConcurrency: null });
    this.run({ do: 'inline', ids: ['e1'] });
    this.clock.advance(200);
  }
}

test('whatever happens, the gate keeps its word', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const bench = new Bench();
      for (const next of steps) {
        bench.run(next);
        bench.check();
      }
      bench.heal();
      bench.check();
      for (const waiter of bench.all) {
        assert.ok(waiter.state !== 'held' && waiter.state !== 'new', `${waiter.name} still waits`);
        if (waiter.state === 'in-flight') waiter.done();
      }
      assert.deepEqual(bench.gate.usage().inFlight, 0);
      assert.equal(bench.budget.used, 0);
      assert.equal(bench.gate.inFlightAt('e1'), 0);
      assert.equal(bench.clock.timers, 0);
    }),
    { numRuns: 500 },
  );
});

test('an endpoint is vacated once per removal, when nothing is in flight there', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const bench = new Bench();
      let routed: readonly string[] = [];
      const owed = new Set<string>();
      for (const next of steps) {
        const before = routed;
        if (next.do === 'inline') routed = next.ids;
        if (next.do === 'hold' || next.do === 'refuse') routed = [];
        for (const id of before) if (!routed.includes(id)) owed.add(id);
        bench.run(next);
        for (const event of bench.observer.take()) {
          if (!event.startsWith('vacated ')) continue;
          const id = event.slice('vacated '.length);
          assert.equal(bench.gate.inFlightAt(id), 0);
          assert.ok(owed.delete(id), `${id} was vacated out of turn`);
        }
        for (const id of routed) owed.delete(id);
        for (const id of owed) assert.ok(bench.gate.inFlightAt(id) > 0, `${id} was not reported vacated`);
      }
    }),
    { numRuns: 300 },
  );
});

function counted(list: readonly FakeWaiter[]): number {
  return list.filter((waiter) => waiter.seat?.counts).length;
}
