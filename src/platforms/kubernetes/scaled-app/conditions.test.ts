import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../../core/failure.ts';
import { readyCondition, withCondition } from './conditions.ts';
import { scaledAppStates } from './states.ts';

const failure: Failure = {
  code: 'not-ready',
  message: 'No pod was ready within 2m.',
  output: [],
  permanent: false,
};

void test('an app is ready in every state but one: asleep above all', () => {
  const broken = scaledAppStates.filter((state) => readyCondition(state, null).status !== 'True');
  assert.deepEqual(broken, ['Failed']);
  assert.equal(readyCondition('Asleep', null).reason, 'Asleep');
});

void test('what made a wake fail is the reason, as one word', () => {
  assert.deepEqual(readyCondition('Failed', failure), {
    type: 'Ready',
    status: 'False',
    reason: 'NotReady',
    message: failure.message,
  });
});

void test('a condition tells when its status changed, not when it was written last', () => {
  const asleep = readyCondition('Asleep', null);
  const other = { ...asleep, type: 'Other', lastTransitionTime: 'then', observedGeneration: 1 };
  const first = withCondition([other], asleep, { generation: 1, wallMs: 0 });
  const second = withCondition(first, readyCondition('Awake', null), { generation: 2, wallMs: 60_000 });
  const third = withCondition(second, readyCondition('Failed', null), { generation: 2, wallMs: 120_000 });
  const ready = [first, second, third].map((list) => list.find(({ type }) => type === 'Ready'));
  assert.deepEqual(
    ready.map((made) => [made?.status, made?.reason, made?.observedGeneration, made?.lastTransitionTime]),
    [
      ['True', 'Asleep', 1, '1970-01-01T00:00:00.000Z'],
      ['True', 'Awake', 2, '1970-01-01T00:00:00.000Z'],
      ['False', 'Failed', 2, '1970-01-01T00:02:00.000Z'],
    ],
  );
  assert.deepEqual(third[0], other, 'others are left alone');
  assert.equal(third.length, 2);
});
