import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPath, objectPath, resourceName, statusOf } from './resource.ts';
import { compareResourceVersions } from './resource-version.ts';
import { deployments, namespaces, pods } from './resources.ts';
import { scaleOf } from './scale.ts';

test('paths of groups, namespaces, objects and subresources', () => {
  const key = { namespace: 'shop', name: 'web' };
  assert.equal(collectionPath(pods), '/api/v1/pods');
  assert.equal(collectionPath(pods, 'shop'), '/api/v1/namespaces/shop/pods');
  assert.equal(objectPath(namespaces, { name: 'shop' }), '/api/v1/namespaces/shop');
  assert.equal(objectPath(scaleOf(deployments), key), '/apis/apps/v1/namespaces/shop/deployments/web/scale');
  assert.equal(objectPath(statusOf(pods), key), '/api/v1/namespaces/shop/pods/web/status');
  assert.deepEqual([resourceName(deployments), resourceName(pods)], ['deployments.apps', 'pods']);
});

test('a name never reaches another path than its own', () => {
  const at = (name: string): string => objectPath(pods, { namespace: 'shop', name });
  assert.equal(at('a/../../secrets/b'), '/api/v1/namespaces/shop/pods/a%2F..%2F..%2Fsecrets%2Fb');
  assert.equal(at('a?b#c'), '/api/v1/namespaces/shop/pods/a%3Fb%23c');
  for (const name of ['', '.', '..']) assert.throws(() => at(name), TypeError);
  assert.throws(() => objectPath(pods, { name: 'a' }), /the namespace is missing/u);
  assert.throws(() => collectionPath(namespaces, 'shop'), /are in no namespace/u);
});

test('versions compare as integers of any length', () => {
  const compare = compareResourceVersions;
  assert.equal(compare('9', '10'), -1);
  assert.equal(compare('10', '9'), 1);
  assert.equal(compare('42', '42'), 0);
  assert.equal(compare('90071992547409931234', '90071992547409931235'), -1);
  for (const odd of ['', '0', '007', 'abc', '-1', '1.5', '1e3'])
    assert.equal(compare(odd, '7'), null, `${odd} has no order`);
});
