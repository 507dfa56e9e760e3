import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CallFault } from '../../../../testing/kube/faults.ts';
import { KubeWorld } from '../../../../testing/kube/kube-world.ts';
import { KubeError } from '../errors.ts';
import type { KubeApi } from '../kube-api.ts';
import { keyOf, keyText } from '../object.ts';
import { compareResourceVersions } from '../resource-version.ts';
import { type Lease, leases, namespaces } from '../resources.ts';
import { WatchCache } from './watch-cache.ts';

/** Whatever is written, cut, stalled, compacted and listed again, in whatever order: in the end the cache is the server's state, and each object's history was told in order. */

type Step =
  | { readonly do: 'write'; readonly name: number; readonly isSelected: boolean }
  | { readonly do: 'delete'; readonly name: number }
  | { readonly do: 'cut'; readonly isMidLine: boolean }
  | { readonly do: 'finish' }
  | { readonly do: 'stall' }
  | { readonly do: 'compact' }
  | { readonly do: 'fault'; readonly faults: readonly CallFault[] }
  | { readonly do: 'pass'; readonly ms: number };

const name = fc.nat(5);
const aFault: fc.Arbitrary<CallFault> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.constantFrom(500, 503, 504),
    hasEffect: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('throttled' as const), retryAfterSeconds: fc.nat(3) }),
  fc.record({ kind: fc.constantFrom('lost' as const, 'silence' as const), hasEffect: fc.boolean() }),
  fc.constant({ kind: 'unreachable' as const }),
);
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('write' as const), name, isSelected: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), isMidLine: fc.boolean() }) },
  fc.record({ do: fc.constantFrom('finish' as const, 'stall' as const, 'compact' as const) }),
  fc.record({ do: fc.constant('fault' as const), faults: fc.array(aFault, { minLength: 1, maxLength: 3 }) }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(2_000) }) },
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 100_000, max: 700_000 }) }),
);

class Trial {
  readonly world: KubeWorld;
  readonly cache: WatchCache<Lease>;
  readonly histories = new Map<string, { key: string; version: string; isOver: boolean }>();
  private readonly writer: KubeApi;

  constructor(seed: number, servers: number) {
    this.world = new KubeWorld(seed, { servers, firstRevision: 90 });
    const { clock, random, logger } = this.world;
    this.writer = this.world.client('writer');
    this.cache = new WatchCache({
      api: this.world.client(),
      resource: leases,
      selection: { namespace: 'trial', labelSelector: 'is=selected' },
      clock,
      random: random.fork(),
      logger,
    });
    this.cache.subscribe({
      added: (lease) => this.begin(lease),
      changed: (lease, before) => {
        assert.equal(before.metadata.uid, lease.metadata.uid);
        this.go(lease, 1);
      },
      removed: (lease) => {
        this.go(lease, 0);
        this.historyOf(lease).isOver = true;
      },
    });
  }

  async begins(): Promise<void> {
    await this.world.settle(this.writer.create(namespaces, { metadata: { name: 'trial' } }));
    const { faults, random } = this.world;
    faults.lagMs = () => random.between(0, 800);
    faults.latencyMs = () => random.between(0, 20);
    faults.split = (bytes) => {
      const at = random.below(bytes.length + 1);
      return [bytes.subarray(0, at), bytes.subarray(at)];
    };
    this.cache.start();
  }

  async take(step: Step): Promise<void> {
    const { kube, faults, random } = this.world;
    switch (step.do) {
      case 'write':
        return void this.write(step.name, step.isSelected).catch(expected);
      case 'delete':
        return void this.writer.delete(leases, keyNumber(step.name)).catch(expected);
      case 'cut':
        for (const watch of kube.watches) watch.cut(step.isMidLine);
        return undefined;
      case 'finish':
        for (const watch of kube.watches) watch.finish();
        return undefined;
      case 'stall':
        for (const watch of kube.watches) watch.stall();
        return undefined;
      case 'compact':
        return kube.compact(random.below(3));
      case 'fault':
        return faults.next(...step.faults);
      case 'pass':
        return this.world.run(step.ms);
      default:
        return step satisfies never;
    }
  }

  private async write(number: number, isSelected: boolean): Promise<void> {
    const key = keyNumber(number);
    const labels = { is: isSelected ? 'selected' : 'not', at: String(this.world.random.below(1_000)) };
    const patch = { type: 'merge', body: { metadata: { labels } } } as const;
    try {
      await this.writer.patch(leases, key, patch);
    } catch (error) {
      if (!(error instanceof KubeError && error.code === 'NotFound')) throw error;
      await this.writer.create(leases, { metadata: { ...key, labels } });
    }
  }

  private begin(lease: Lease): void {
    const key = keyText(keyOf(lease));
    const living = [...this.histories.values()].filter((one) => one.key === key && !one.isOver);
    assert.equal(living.length, 0, `${key} was added twice`);
    // An object that left the selection may come back to it, but not from its own past.
    const past = this.histories.get(lease.metadata.uid ?? '');
    const version = lease.metadata.resourceVersion ?? '';
    assert.ok(
      past === undefined || compareResourceVersions(version, past.version) === 1,
      `${key} came back older`,
    );
    this.histories.set(lease.metadata.uid ?? '', {
      key,
      version,
      isOver: false,
    });
  }

  private go(lease: Lease, leastOrder: 0 | 1): void {
    const history = this.historyOf(lease);
    assert.ok(!history.isOver, `${history.key} changed after its end`);
    const version = lease.metadata.resourceVersion ?? '';
    const order = compareResourceVersions(version, history.version) ?? -1;
    assert.ok(order >= leastOrder, `${history.key} went from ${history.version} to ${version}`);
    history.version = version;
  }

  private historyOf(lease: Lease): { key: string; version: string; isOver: boolean } {
    const history = this.histories.get(lease.metadata.uid ?? '');
    assert.ok(history !== undefined, `${lease.metadata.name} was never added`);
    return history;
  }

  /** Nothing goes wrong from now on, but what is stalled stays so: the cache has to notice. */
  async ends(): Promise<void> {
    this.world.faults.heal();
    // The stall is noticed after 90 s, and a bookmark comes within another 60 s.
    await this.world.run(180_000);
    const { items } = await this.world.settle(
      this.world.client().list(leases, { namespace: 'trial', labelSelector: 'is=selected' }),
    );
    const text = (all: Iterable<Lease>): readonly string[] =>
      [...all]
        .map(({ metadata: { name, uid, resourceVersion } }) => `${name} ${uid} ${resourceVersion}`)
        .toSorted();
    assert.deepEqual(text(this.cache.values()), text(items));
    const living = [...this.histories].filter(([, { isOver }]) => !isOver).map(([uid]) => uid);
    assert.deepEqual(living.toSorted(), items.map(({ metadata }) => metadata.uid ?? '').toSorted());
    assert.ok(this.cache.staleForMs() < 62_000, `stale for ${this.cache.staleForMs()} ms`);
    assert.deepEqual(
      this.world.logged.filter(({ level }) => level === 'error'),
      [],
    );
    await this.world.settle(this.cache.stop());
  }
}

const keyNumber = (number: number): { namespace: string; name: string } => ({
  namespace: 'trial',
  name: `lease-${number}`,
});

/** Writes fail by the faults; that is what they are for. */
function expected(error: unknown): void {
  if (!(error instanceof KubeError)) throw error;
}

test('any interleaving of writes, cuts, stalls, compactions and relists ends with the cache equal to the server', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(aStep, { maxLength: 60 }),
      async (seed, servers, steps) => {
        const trial = new Trial(seed, servers);
        await trial.begins();
        for (const step of steps) await trial.take(step);
        await trial.ends();
      },
    ),
    { numRuns: 400 },
  );
});
