import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionBudget } from './connection-budget.ts';

test('connections are counted, up to the limit', () => {
  const budget = new ConnectionBudget(2);
  assert.deepEqual([budget.take(), budget.take(), budget.take()], [true, true, false]);
  budget.giveBack();
  assert.equal(budget.take(), true);
});

test('a crowd is one warning, and the next crowd another', () => {
  const budget = new ConnectionBudget(4);
  let warnings = 0;
  const warn = (): void => {
    warnings += 1;
  };
  const crowd = (): void => {
    while (budget.take());
    for (let count = 0; count < 5; count += 1) budget.warnOnce(warn);
  };
  crowd();
  budget.giveBack();
  crowd();
  assert.equal(warnings, 1, 'it ebbed a little, and is the same crowd');
  for (let count = 0; count < 3; count += 1) budget.giveBack();
  crowd();
  assert.equal(warnings, 2);
});
