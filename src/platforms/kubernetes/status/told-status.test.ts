import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterApp } from '../apps/cluster-app.ts';
import { resolveApp } from '../resolve/resolve-app.ts';
import { statusChange } from './status-change.ts';
import { type Told, toldStatus } from './told-status.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const metadata = { namespace: 'shop', name: 'web', generation: 4, resourceVersion: '7' };
const counted = { replicas: 0, resourceVersion: '1' };
const target = { uid: 'u', selector: [], template: null, counted, conditions: [] };
const facts = { podLabels: {}, template: null, pods: [] };
const surroundings = { services: [], target: facts, claims: new Map<string, string>() };
const asleep: Told = {
  phase: 'asleep',
  sinceWallMs: 0,
  replicas: 0,
  desired: 0,
  failure: null,
  armed: [{ validUntilMs: null, action: { kind: 'wake', replicas: 2 } }],
};

function appOf(more: Partial<ClusterApp> = {}, paused = false): ClusterApp {
  const object = { metadata, spec: { scaleTargetRef, paused } };
  const resolved = resolveApp(object, surroundings);
  return { name: 'shop/web', object, target, resolved, selector: [], wokenAtMs: 0, ...more };
}

function reasons(app: ClusterApp, told: Told | null): readonly string[] {
  return (toldStatus(app, told, 0).conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );
}

void test('an app that sleeps is ready, and says what a request does', () => {
  const wish = toldStatus(appOf(), asleep, 0);
  assert.deepEqual([wish.state, wish.armedWake, wish.observedGeneration], ['Asleep', [{ replicas: 2 }], 4]);
  assert.equal(toldStatus(appOf({}, true), asleep, 0).state, 'Paused');
  assert.deepEqual(reasons(appOf(), asleep), ['Ready=True Asleep', 'Accepted=False Findings']);
});

void test('what stands in the way is told: no target, no way in', () => {
  assert.equal(reasons(appOf({ target: 'missing' }), asleep)[0], 'Ready=False TargetNotFound');
  assert.equal(reasons(appOf(), null)[0], 'Ready=False NoService');
  assert.equal(reasons(appOf({ resolved: null }), null)[1], 'Accepted=Unknown NotResolved');
});

void test('time that passes is no news', () => {
  const app = appOf();
  const { metadata: _, ...rest } = app.object;
  const status = toldStatus(app, asleep, 0) as NonNullable<ClusterApp['object']['status']>;
  const object = { metadata, ...rest, status };
  assert.equal(statusChange(object, toldStatus({ ...app, object }, asleep, 60_000)), null);
});
