import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Check } from 'typebox/schema';
import type { ArmedWake } from '../../../core/policy/types.ts';
import { recordFromStatus, recordToStatus } from './app-record.ts';
import { armedAction, armedFromStatus, armedToStatus } from './armed-wake.ts';
import { statusSchema } from './schema/status.ts';

const instant = fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: null });
const action: fc.Arbitrary<ArmedWake['action']> = fc.oneof(
  fc.integer({ min: 1, max: 99 }).map((replicas) => ({ kind: 'wake' as const, replicas })),
  fc.string({ maxLength: 100 }).map((reason) => ({ kind: 'refuse' as const, reason })),
);
const armed: fc.Arbitrary<ArmedWake[]> = fc.array(
  fc.tuple(instant, action).map(([validUntilMs, does]) => ({ validUntilMs, action: does })),
  { maxLength: 5 },
);

void test('what is armed is read as it was written, and what is written fits the schema', () => {
  fc.assert(
    fc.property(armed, (list) => {
      const armedWake = armedToStatus(list);
      assert.ok(Check(statusSchema, { armedWake }));
      assert.deepEqual(armedFromStatus(structuredClone(armedWake)), list);
    }),
  );
});

void test('past its time a refusal lapses, and a wake asks for what the app had', () => {
  const list: ArmedWake[] = [
    { validUntilMs: 1_000, action: { kind: 'refuse', reason: 'night' } },
    { validUntilMs: 2_000, action: { kind: 'wake', replicas: 2 } },
  ];
  assert.deepEqual(armedAction(list, 999, 5), { kind: 'refuse', reason: 'night' });
  assert.deepEqual(armedAction(list, 1_000, 5), { kind: 'wake', replicas: 2 });
  assert.deepEqual(armedAction(list, 2_000, 5), { kind: 'wake', replicas: 5 });
  assert.deepEqual(armedAction([], 0, 0), { kind: 'wake', replicas: 1 });
});

void test('what somebody has made unreadable refuses nobody', () => {
  const list = armedFromStatus([{ validUntil: 'soon', refuse: 'x' }, {}, { replicas: 0 }]);
  assert.deepEqual(armedAction(list, 0, 4), { kind: 'wake', replicas: 1 });
  assert.deepEqual(armedFromStatus(undefined), []);
});

void test('an end beyond all dates is no end', () => {
  const list: ArmedWake[] = [{ validUntilMs: 1e16, action: { kind: 'wake', replicas: 1 } }];
  assert.deepEqual(armedToStatus(list), [{ replicas: 1 }]);
});

void test('what survives a restart is read as it was written', () => {
  const last = fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: null });
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 99 }), last, (policy, saved, lastColdStartMs) => {
      const record = { policy, saved, lastColdStartMs };
      const status = recordToStatus(record);
      assert.ok(Check(statusSchema, status));
      assert.deepEqual(recordFromStatus(structuredClone(status)), record);
    }),
  );
});

void test('a saved count is never 0, and what was never kept is unknown', () => {
  assert.equal(recordToStatus({ policy: null, saved: 0, lastColdStartMs: 1.5 }).savedReplicas, 1);
  assert.equal(recordFromStatus(undefined), null);
  assert.equal(recordFromStatus({ state: 'Asleep' }), null);
  assert.equal(recordFromStatus({ savedReplicas: 2, policyState: 'x' })?.policy, null);
});
