import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { labelSelector } from '../../../testing/kube/selectors.ts';
import type { Pod } from '../client/resources.ts';
import { certainLabels, parsePodSelector, podSelectorOf, selectsPod } from './pod-selector.ts';
import { targetFacts } from './target-facts.ts';

const key = fc.constantFrom('app', 'tier', 'example.com/part-of');
const value = fc.constantFrom('a', 'b', 'c.d-e');
const values = fc.array(value, { minLength: 1, maxLength: 3 });
const requirement = fc.oneof(
  fc.tuple(key, value, fc.constantFrom('=', '==', '!=')).map(([name, one, is]) => `${name}${is}${one}`),
  fc
    .tuple(key, values, fc.constantFrom('in', 'notin'))
    .map(([name, all, is]) => `${name} ${is} (${all.join(',')})`),
  fc.tuple(key, fc.constantFrom('', '!')).map(([name, not]) => `${not}${name}`),
);
const labels = fc.dictionary(key, value, { noNullPrototype: true });

void test('a selector picks the pods that an API server picks by it', () => {
  fc.assert(
    fc.property(fc.array(requirement, { minLength: 1, maxLength: 4 }), labels, (parts, given) => {
      const text = parts.join(',');
      const selector = parsePodSelector(text);
      assert.ok(selector !== null, text);
      assert.equal(selectsPod(selector, given), labelSelector(text)({ metadata: { labels: given } }), text);
      if (!selectsPod(selector, given)) return;
      for (const [name, one] of Object.entries(certainLabels(selector))) assert.equal(given[name], one);
    }),
  );
});

void test('what cannot be read, and what would select everything, selects nothing', () => {
  for (const text of ['', ' , ', 'a b', 'app in a', 'app=(', '=x', 'app in (a', '!'])
    assert.equal(parsePodSelector(text), null, text);
  assert.equal(selectsPod(podSelectorOf({}), { app: 'web' }), false);
  assert.equal(selectsPod(podSelectorOf({ matchLabels: { constructor: 'x' } }), {}), false);
});

void test('the selector of a workload says the same in maps', () => {
  const selector = podSelectorOf({
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'canary', operator: 'DoesNotExist' },
    ],
  });
  assert.deepEqual(selector, parsePodSelector('app=web,tier in (a,b),!canary'));
  assert.deepEqual(certainLabels(selector), { app: 'web' });
});

void test('what is known of a target does not depend on whether it sleeps', () => {
  const selector = podSelectorOf({ matchLabels: { app: 'web' } });
  const pod = (app: string): Pod => ({
    metadata: { name: app, labels: { app, extra: 'x' } },
    spec: { containers: [] },
  });
  const awake = targetFacts(selector, null, [pod('web'), pod('db')]);
  assert.deepEqual(
    awake.pods.map(({ metadata }) => metadata.name),
    ['web'],
  );
  assert.deepEqual(awake.podLabels, targetFacts(selector, null, []).podLabels);
  const template = { metadata: { labels: { app: 'web', tier: 'front' } }, spec: { containers: [] } };
  assert.deepEqual(targetFacts(selector, template, []).podLabels, { app: 'web', tier: 'front' });
});
