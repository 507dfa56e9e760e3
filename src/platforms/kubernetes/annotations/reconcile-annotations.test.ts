import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../client/resources.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { type AnnotatedWorkload, reconcileAnnotations } from './reconcile-annotations.ts';

const fifteen = { 'drowse.dev/sleep-after': '15m' };

interface Particulars {
  readonly kind?: AnnotatedWorkload['kind'];
  readonly uid?: string;
  readonly ending?: boolean;
}

function workload(
  annotations: Readonly<Record<string, string>>,
  { kind = 'Deployment', uid = 'uid-1', ending = false }: Particulars = {},
): AnnotatedWorkload {
  const metadata = { namespace: 'shop', name: 'web', uid, annotations };
  const spec: Deployment['spec'] = { selector: {}, template: { spec: { containers: [] } } };
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  return { kind, object: { metadata: { ...metadata, ...(ending && { deletionTimestamp }) }, spec } };
}

function written(name: string, target: Partial<ScaledApp['spec']['scaleTargetRef']> = {}): ScaledApp {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', ...target };
  return { metadata: { namespace: 'shop', name }, spec: { scaleTargetRef } };
}

function made(from: AnnotatedWorkload, existing: readonly ScaledApp[] = []): ScaledApp {
  const { apply } = reconcileAnnotations(from, existing);
  assert.ok(apply !== null);
  return apply;
}

void test('the ScaledApp belongs to the workload, and goes with it', () => {
  assert.deepEqual(reconcileAnnotations(workload(fifteen), []), {
    apply: {
      apiVersion: 'drowse.dev/v1alpha1',
      kind: 'ScaledApp',
      metadata: {
        name: 'web',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/managed-by': 'drowse', 'drowse.dev/made-from': 'annotations' },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: 'uid-1',
            controller: true,
            blockOwnerDeletion: false,
          },
        ],
      },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, sleepAfter: '15m' },
    },
    remove: [],
    findings: [],
  });
});

void test('other annotations make another spec of the same ScaledApp', () => {
  const first = made(workload(fifteen));
  const outcome = reconcileAnnotations(workload({ 'drowse.dev/sleep-after': '1h' }), [first]);
  assert.equal(outcome.apply?.metadata.name, 'web');
  assert.equal(outcome.apply?.spec.sleepAfter, '1h');
  assert.deepEqual(outcome.remove, []);
});

void test('without annotations it is removed; what somebody wrote is not', () => {
  const existing = [made(workload(fifteen)), written('mine'), written('web-2', { name: 'other' })];
  assert.deepEqual(reconcileAnnotations(workload({}), existing), {
    apply: null,
    remove: ['web'],
    findings: [],
  });
});

void test('a slip of the pen changes nothing', () => {
  const outcome = reconcileAnnotations(workload({ 'drowse.dev/sleep-after': '15' }), [
    made(workload(fifteen)),
  ]);
  assert.deepEqual([outcome.apply, outcome.remove, outcome.findings.length], [null, [], 1]);
});

void test('a ScaledApp that somebody wrote for the same target wins', () => {
  const ours = made(workload(fifteen));
  const outcome = reconcileAnnotations(workload(fifteen), [
    ours,
    written('mine', { apiVersion: 'apps/v1beta2' }),
  ]);
  assert.deepEqual([outcome.apply, outcome.remove], [null, ['web']]);
  assert.match(outcome.findings[0]?.message ?? '', /ScaledApp mine says what becomes of Deployment web/);
  const elsewhere = [written('a', { kind: 'StatefulSet' }), written('b', { apiVersion: 'argoproj.io/v1' })];
  assert.equal(made(workload(fifteen), elsewhere).metadata.name, 'web');
});

void test('a name that another has is not taken from it', () => {
  const deployment = made(workload(fifteen));
  const set = workload(fifteen, { kind: 'StatefulSet', uid: 'uid-2' });
  const ofSet = made(set, [deployment]);
  assert.equal(ofSet.metadata.name, 'web-statefulset');
  assert.equal(made(set, [ofSet]).metadata.name, 'web-statefulset', 'also when the other is gone');
  assert.equal(made(workload(fifteen), [deployment, ofSet]).metadata.name, 'web');
});

void test('that of a workload which was there before, and had the same name, is taken over', () => {
  const before = made(workload(fifteen, { uid: 'uid-0' }));
  const after = made(workload(fifteen, { uid: 'uid-1' }), [before]);
  assert.deepEqual(
    [after.metadata.name, after.metadata.ownerReferences?.map(({ uid }) => uid)],
    ['web', ['uid-1']],
  );
});

void test('a workload that is being deleted makes no app any more', () => {
  const ending = workload(fifteen, { ending: true });
  assert.deepEqual(reconcileAnnotations(ending, []), { apply: null, remove: [], findings: [] });
});
