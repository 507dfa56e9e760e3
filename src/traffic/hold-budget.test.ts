import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldBudget } from './hold-budget.ts';

test('places are taken until none is left, and again once one is given back', () => {
  const budget = new HoldBudget(2);
  assert.deepEqual([budget.take(), budget.take(), budget.take(), budget.used], [true, true, false, 2]);
  budget.giveBack();
  assert.deepEqual([budget.take(), budget.take()], [true, false]);
});

test('one who had a place is never turned away, and the next are until there is room for all', () => {
  const budget = new HoldBudget(1);
  budget.take();
  budget.takeAnyway();
  budget.giveBack();
  assert.equal(budget.take(), false);
  budget.giveBack();
  assert.equal(budget.take(), true);
});
