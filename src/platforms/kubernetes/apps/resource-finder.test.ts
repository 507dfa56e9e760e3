import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawAnswer } from '../client/kube-api.ts';
import { ResourceFinder } from './resource-finder.ts';

/** An API server that serves one group, and what it was asked. */
function served(answers: Readonly<Record<string, RawAnswer>>) {
  const asked: string[] = [];
  const raw = async (_method: string, path: string): Promise<RawAnswer> => {
    asked.push(path);
    return Promise.resolve(answers[path] ?? { status: 404, text: '404 page not found' });
  };
  return { asked, finder: new ResourceFinder({ raw }) };
}

const resources = [
  { name: 'rollouts', kind: 'Rollout' },
  { name: 'rollouts/scale', kind: 'Scale' },
  { name: 'rollouts/status', kind: 'Rollout' },
  { name: 'templates', kind: 'Template' },
];
const group = { status: 200, text: JSON.stringify({ resources }) };

void test('a kind is found as the API server names it, and asked for once', async () => {
  const { asked, finder } = served({ '/apis/example.dev/v1': group });
  assert.equal((await finder.find('example.dev/v1', 'Rollout'))?.plural, 'rollouts');
  assert.equal((await finder.find('example.dev/v1', 'Rollout'))?.plural, 'rollouts');
  assert.deepEqual(asked, ['/apis/example.dev/v1']);
});

void test('a kind without /scale, or of a group that nobody serves, is none; a definition that comes later is found', async () => {
  const answers: Record<string, RawAnswer> = { '/apis/example.dev/v1': group };
  const { finder } = served(answers);
  assert.equal(await finder.find('example.dev/v1', 'Template'), null);
  assert.equal(await finder.find('other.dev/v1', 'Rollout'), null);
  answers['/apis/other.dev/v1'] = group;
  assert.equal((await finder.find('other.dev/v1', 'Rollout'))?.group, 'other.dev');
});

void test('what is no group and version never becomes a path', async () => {
  const { asked, finder } = served({});
  for (const apiVersion of ['../v1', 'a/b/v1', '', 'example.dev/v1?x', 'x/../../api/v1', '-a/v1'])
    assert.equal(await finder.find(apiVersion, 'Rollout'), null);
  assert.deepEqual(asked, []);
});

void test('a server that does not say is not one that says no', async () => {
  const { finder } = served({ '/apis/example.dev/v1': { status: 503, text: 'later' } });
  await assert.rejects(finder.find('example.dev/v1', 'Rollout'), /503/);
});
