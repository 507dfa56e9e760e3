import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeWorld } from '../../../testing/kube/kube-world.ts';
import type { CallFault } from '../../../testing/kube/faults.ts';
import { KubeError } from './errors.ts';
import { keyOf } from './object.ts';
import { leases, namespaces } from './resources.ts';

async function worldWithNamespace(): Promise<KubeWorld> {
  const world = new KubeWorld(1);
  await world.settle(world.client().create(namespaces, { metadata: { name: 'shop' } }));
  return world;
}

const one = { metadata: { namespace: 'shop', name: 'one' } };

/** The call's error, how long it took, and whether the object is there all the same. */
async function afterFault(fault: CallFault): Promise<{ error: KubeError; tookMs: number; isThere: boolean }> {
  const world = await worldWithNamespace();
  const startMs = world.clock.monoMs();
  world.faults.next(fault);
  const error = await world.settle(
    world
      .client()
      .create(leases, one, { deadlineMs: 5_000 })
      .then(
        () => null,
        (thrown: unknown) => thrown,
      ),
  );
  assert.ok(error instanceof KubeError);
  const tookMs = world.clock.monoMs() - startMs;
  const { items } = await world.settle(world.client().list(leases));
  return { error, tookMs, isThere: items.length === 1 };
}

test('a failed write says whether it may have taken effect, and never wrongly that it has not', async () => {
  const faults: readonly CallFault[] = [
    { kind: 'unreachable' },
    ...[true, false].flatMap((hasEffect): CallFault[] => [
      { kind: 'lost', hasEffect },
      { kind: 'silence', hasEffect },
      { kind: 'answer', status: 500, hasEffect },
      { kind: 'answer', status: 503, hasEffect },
      { kind: 'answer', status: 504, hasEffect },
    ]),
  ];
  for (const fault of faults) {
    const { error, isThere } = await afterFault(fault);
    assert.equal(isThere, 'hasEffect' in fault && fault.hasEffect, JSON.stringify(fault));
    assert.equal(error.mayHaveTakenEffect, fault.kind !== 'unreachable', JSON.stringify(fault));
  }
});

test('codes are those of the answer, or say what became of it', async () => {
  const codeAfter = async (fault: CallFault): Promise<string> => (await afterFault(fault)).error.code;
  assert.equal(await codeAfter({ kind: 'unreachable' }), 'Unreachable');
  assert.equal(await codeAfter({ kind: 'lost', hasEffect: false }), 'ConnectionLost');
  assert.equal(await codeAfter({ kind: 'answer', status: 500, hasEffect: false }), 'InternalError');
  assert.equal(await codeAfter({ kind: 'answer', status: 504, hasEffect: false }), 'Timeout');
  const silent = await afterFault({ kind: 'silence', hasEffect: false });
  assert.equal(silent.error.code, 'DeadlineExceeded');
  assert.equal(silent.tookMs, 5_000);
});

test('a 429 is sent again after Retry-After, as long as the deadline allows', async () => {
  const world = await worldWithNamespace();
  const startMs = world.clock.monoMs();
  world.faults.next({ kind: 'throttled', retryAfterSeconds: 3 }, { kind: 'throttled' });
  const made = await world.settle(world.client().create(leases, one));
  assert.equal(keyOf(made).name, 'one');
  const tookMs = world.clock.monoMs() - startMs;
  assert.ok(tookMs >= 3_000 && tookMs <= 5_000, `${tookMs}`);
  world.faults.next({ kind: 'throttled', retryAfterSeconds: 6 });
  const late = world.client().get(leases, keyOf(made), { deadlineMs: 5_000 });
  const error = await world.settle(late.catch((thrown: unknown) => thrown));
  assert.ok(error instanceof KubeError && error.code === 'TooManyRequests');
  assert.equal(error.retryAfterMs, 6_000);
  assert.ok(world.clock.monoMs() - startMs < tookMs + 100, 'nobody waits for what cannot come in time');
});

test('only 429 is sent again: what may have taken effect is the caller’s to judge', async () => {
  const world = await worldWithNamespace();
  let sent = 0;
  world.faults.call = () => {
    sent += 1;
    return { kind: 'answer', status: 500, hasEffect: false, retryAfterSeconds: 1 };
  };
  const error = await world.settle(
    world
      .client()
      .list(leases)
      .catch((thrown: unknown) => thrown),
  );
  assert.ok(error instanceof KubeError && error.retryAfterMs === 1_000);
  assert.equal(sent, 1);
});

test('an aborted call ends at once, with its reason', async () => {
  const world = await worldWithNamespace();
  world.faults.next({ kind: 'silence', hasEffect: true });
  const controller = new AbortController();
  const call = world.client().list(leases, { signal: controller.signal });
  const outcome = call.catch((thrown: unknown) => thrown);
  await world.run(10);
  controller.abort(new Error('changed my mind'));
  const startMs = world.clock.monoMs();
  const error = await world.settle(outcome);
  assert.ok(error instanceof KubeError && error.code === 'Aborted');
  assert.ok(error.cause instanceof Error && error.cause.message === 'changed my mind');
  assert.equal(world.clock.monoMs(), startMs);
  const before = world.client().list(leases, { signal: controller.signal });
  await assert.rejects(world.settle(before), { code: 'Aborted' });
});
