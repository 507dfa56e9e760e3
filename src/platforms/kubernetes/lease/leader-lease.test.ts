import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { CallFault } from '../../../testing/kube/faults.ts';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import { leases, namespaces } from '../client/resources.ts';
import { LeaderLease } from './leader-lease.ts';
import { defaultLeaseTimes } from './record.ts';

const key = { namespace: 'drowse', name: 'drowse-leader' };

class Election {
  readonly world: KubeWorld;
  readonly candidates: readonly LeaderLease[];
  readonly told = new Map<number, boolean[]>();

  private constructor(world: KubeWorld, count: number) {
    this.world = world;
    this.candidates = Array.from({ length: count }, (_, index) => this.candidate(index));
  }

  static async of(count: number, seed = 1): Promise<Election> {
    const world = new KubeWorld(seed);
    await world.settle(world.client().create(namespaces, { metadata: { name: 'drowse' } }));
    return new Election(world, count);
  }

  get leading(): number[] {
    return [...this.candidates.keys()].filter((index) => this.candidates[index]?.isLeading === true);
  }

  start(): void {
    for (const candidate of this.candidates) candidate.start();
  }

  private candidate(index: number): LeaderLease {
    const { world } = this;
    const { clock, random, logger } = world;
    this.told.set(index, []);
    return new LeaderLease({
      api: world.client(`drowse-${index}`),
      clock,
      random: random.fork(),
      logger,
      identity: `drowse-${index}`,
      key,
      times: defaultLeaseTimes,
      changed: (isLeading) => {
        this.told.get(index)?.push(isLeading);
        this.check();
      },
    });
  }

  check(): void {
    assert.ok(this.leading.length <= 1, `two lead: ${this.leading.join()}`);
  }
}

describe('a lease', () => {
  test('is taken at once where there is none, and by one alone', async () => {
    const election = await Election.of(3);
    election.start();
    await election.world.run(500);
    assert.equal(election.leading.length, 1);
    await election.world.run(120_000);
    assert.deepEqual([...election.told.values()].flat(), [true]);
    assert.match(election.candidates[0]?.leader ?? '', /^drowse-\d$/);
  });

  test('is given back by who stops, and the next one need not wait for its end', async () => {
    const election = await Election.of(2);
    election.candidates[0]?.start();
    await election.world.run(100);
    election.candidates[1]?.start();
    await election.world.run(5_000);
    await election.world.settle(election.candidates[0]?.stop() ?? Promise.resolve());
    assert.deepEqual(election.leading, []);
    await election.world.run(3_000);
    assert.deepEqual(election.leading, [1]);
    const lease = await election.world.settle(election.world.client().get(leases, key));
    assert.equal(lease.spec?.leaseTransitions, 1);
  });

  test('fences who cannot renew it, before anybody else takes it', async () => {
    const election = await Election.of(2);
    const { world } = election;
    election.candidates[0]?.start();
    await world.run(100);
    election.candidates[1]?.start();
    world.faults.call = ({ headers }) =>
      JSON.stringify(headers).includes('drowse-0/') ? { kind: 'silence', hasEffect: false } : null;
    await world.run(9_000);
    assert.deepEqual(election.leading, [0]);
    await world.run(3_000);
    assert.deepEqual(election.leading, []);
    await world.run(8_000);
    assert.deepEqual(election.leading, [1]);
    world.faults.heal();
    await world.run(60_000);
    assert.deepEqual(election.told.get(0), [true, false]);
    assert.deepEqual(election.leading, [1]);
  });

  test('whose renewal was stored without an answer goes on', async () => {
    const election = await Election.of(1);
    const { world } = election;
    election.start();
    await world.run(5_000);
    world.faults.next({ kind: 'lost', hasEffect: true });
    await world.run(60_000);
    assert.deepEqual(election.told.get(0), [true]);
  });

  test('taken away by somebody with the right to, is noticed within two renewals', async () => {
    const election = await Election.of(1);
    const { world } = election;
    election.start();
    await world.run(100);
    const body = { spec: { holderIdentity: 'somebody', leaseDurationSeconds: 30 } };
    await world.settle(world.client('human').patch(leases, key, { type: 'merge', body }));
    await world.run(5_000);
    assert.deepEqual([election.leading, election.told.get(0)], [[], [true, false]]);
    await world.run(40_000);
    assert.deepEqual(election.leading, [0]);
  });

  test('that is forbidden is said once, and tried on', async () => {
    const election = await Election.of(1);
    const { world } = election;
    world.faults.call = () => ({ kind: 'answer', status: 503, hasEffect: false });
    election.start();
    await world.run(60_000);
    assert.equal(world.logged.filter(({ level }) => level === 'warn').length, 1);
    world.faults.heal();
    await world.run(3_000);
    assert.deepEqual(election.leading, [0]);
  });
});

const fault: fc.Arbitrary<CallFault | null> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  fc.record({ kind: fc.constantFrom('lost' as const, 'silence' as const), hasEffect: fc.boolean() }),
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.constantFrom(500 as const, 503 as const, 504 as const),
    hasEffect: fc.boolean(),
  }),
  fc.constant({ kind: 'unreachable' as const }),
);

test('never do two lead, whatever happens to calls; once it ends, one does', async () => {
  const faults = fc.array(fault, { minLength: 1, maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(fc.integer(), faults, fc.constantFrom(0, 50, 4_000), async (seed, calls, latency) => {
      const election = await Election.of(3, seed);
      const { world } = election;
      let call = 0;
      world.faults.call = () => calls[(call += 1) % calls.length] ?? null;
      world.faults.latencyMs = () => Math.floor(world.random.next() * latency);
      election.start();
      for (let each = 0; each < 400; each += 1) {
        await world.run(250);
        election.check();
      }
      world.faults.heal();
      await world.run(40_000);
      assert.equal(election.leading.length, 1);
    }),
    { numRuns: 40 },
  );
});
