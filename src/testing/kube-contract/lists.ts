import assert from 'node:assert/strict';
import type { KubeApi, ListOptions } from '../../platforms/kubernetes/client/kube-api.ts';
import type { KubeObject, Page } from '../../platforms/kubernetes/client/object.ts';
import { type Lease, leases } from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails } from './environment.ts';

const namesOf = (page: Page<KubeObject>): readonly (string | undefined)[] =>
  page.items.map(({ metadata }) => metadata.name);

async function make(
  api: KubeApi,
  namespace: string,
  labelled: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const [name, color] of Object.entries(labelled)) {
    const labels = color === null ? {} : { color };
    await api.create(leases, { metadata: { namespace, name, labels } });
  }
}

/** Lists: pages, selectors, versions. */
export function listContract(contract: Contract): void {
  contract('pages are of one moment', async ({ api, namespace }) => {
    await make(api, namespace, { a: null, b: null, c: null, d: null, e: null });
    const page = async (continueToken?: string): Promise<Page<Lease>> =>
      api.list(leases, { namespace, limit: 2, ...(continueToken === undefined ? {} : { continueToken }) });
    const first = await page();
    assert.deepEqual(namesOf(first), ['a', 'b']);
    assert.equal(first.remaining, 3);
    await api.create(leases, { metadata: { namespace, name: 'bb' } });
    await api.delete(leases, { namespace, name: 'c' });
    const second = await page(first.continueToken ?? '');
    const third = await page(second.continueToken ?? '');
    assert.deepEqual([namesOf(second), namesOf(third)], [['c', 'd'], ['e']]);
    assert.deepEqual([second.remaining, third.remaining, third.continueToken], [1, null, null]);
    assert.equal(second.resourceVersion, first.resourceVersion);
    assert.equal(third.resourceVersion, first.resourceVersion);
    assert.deepEqual(namesOf(await api.list(leases, { namespace })), ['a', 'b', 'bb', 'd', 'e']);
  });

  contract('a continue token is checked', async ({ api, namespace }) => {
    await make(api, namespace, { a: null, b: null });
    const { continueToken, resourceVersion } = await api.list(leases, { namespace, limit: 1 });
    const token = continueToken ?? '';
    await fails(api.list(leases, { namespace, limit: 1, continueToken: 'nonsense' }), 'BadRequest');
    await fails(
      api.list(leases, { namespace, limit: 1, continueToken: token, resourceVersion }),
      'BadRequest',
    );
  });

  contract('labels select', async ({ api, namespace }) => {
    await make(api, namespace, { a: 'red', b: 'blue', c: 'green', d: null });
    const expected: readonly (readonly [string, readonly string[]])[] = [
      ['color=red', ['a']],
      ['color==red', ['a']],
      ['color!=red', ['b', 'c', 'd']],
      ['color in (red,blue)', ['a', 'b']],
      ['color notin (red, blue)', ['c', 'd']],
      ['color', ['a', 'b', 'c']],
      ['!color', ['d']],
      ['color,color!=red', ['b', 'c']],
    ];
    for (const [labelSelector, names] of expected)
      assert.deepEqual(namesOf(await api.list(leases, { namespace, labelSelector })), names, labelSelector);
    await fails(api.list(leases, { namespace, labelSelector: 'color in red' }), 'BadRequest');
    const page = await api.list(leases, { namespace, labelSelector: 'color', limit: 1 });
    assert.equal(page.remaining, null);
  });

  contract('fields select', async ({ api, namespace }) => {
    await make(api, namespace, { a: null, b: null });
    const select = async (fieldSelector: string): Promise<Page<Lease>> =>
      api.list(leases, { namespace, fieldSelector });
    assert.deepEqual(namesOf(await select('metadata.name=b')), ['b']);
    assert.deepEqual(namesOf(await select('metadata.name!=b')), ['a']);
    assert.deepEqual(namesOf(await select(`metadata.namespace=${namespace}`)), ['a', 'b']);
    await fails(select('spec.holderIdentity=me'), 'BadRequest');
  });

  contract('a list of all namespaces holds those of each', async ({ api, namespace }) => {
    await make(api, namespace, { a: null });
    const { items } = await api.list(leases);
    assert.ok(items.some(({ metadata }) => metadata.namespace === namespace && metadata.name === 'a'));
  });

  contract('a list may be asked for as of a version', async ({ api, namespace }) => {
    await make(api, namespace, { a: null });
    const { resourceVersion } = await api.list(leases, { namespace });
    await make(api, namespace, { b: null });
    const at = async (more: Partial<ListOptions>): Promise<readonly unknown[]> =>
      namesOf(await api.list(leases, { namespace, resourceVersion, ...more }));
    assert.deepEqual(await at({ resourceVersionMatch: 'Exact' }), ['a']);
    assert.deepEqual(await at({ limit: 10 }), ['a'], 'with a limit, and no match, it is exact');
    const latest = await api.list(leases, { namespace });
    assert.deepEqual(
      await at({ resourceVersion: latest.resourceVersion, resourceVersionMatch: 'NotOlderThan' }),
      ['a', 'b'],
    );
    await fails(at({ resourceVersion: '0', resourceVersionMatch: 'Exact' }), 'Invalid');
    await fails(api.list(leases, { namespace, resourceVersionMatch: 'Exact' }), 'Invalid');
    await fails(at({ resourceVersion: 'nonsense' }), 'BadRequest');
  });

  contract('a version that is yet to come is waited for, then refused', async ({ api, namespace }) => {
    const { resourceVersion } = await api.list(leases, { namespace });
    const future = String(BigInt(resourceVersion) + 1_000_000_000n);
    const error = await fails(api.list(leases, { namespace, resourceVersion: future }), 'Timeout');
    assert.ok(error.causes.some(({ reason }) => reason === 'ResourceVersionTooLarge'));
    assert.ok((error.retryAfterMs ?? 0) > 0);
  });
}
