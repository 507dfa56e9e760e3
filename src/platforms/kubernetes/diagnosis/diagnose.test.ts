import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WorkloadFailureCode } from '../../../core/failure.ts';
import type { ContainerState, Event, Pod } from '../client/resources.ts';
import { diagnose } from './diagnose.ts';
import { failureOf } from './diagnosis.ts';

const nothing = { conditions: [], pods: [], events: [] };

function refused(message: string): ReturnType<typeof diagnose> {
  const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message } as const;
  return diagnose({ ...nothing, conditions: [condition] });
}

function pod(status: Pod['status'], metadata: Pod['metadata'] = { name: 'web-1' }): Pod {
  return { metadata, spec: { containers: [{ name: 'web', image: 'web:1' }] }, ...(status && { status }) };
}

function waiting(reason: string, message?: string, lastState?: ContainerState): Pod {
  const state = { waiting: { reason, ...(message !== undefined && { message }) } };
  const status = { name: 'web', ready: false, restartCount: 3, state, ...(lastState && { lastState }) };
  return pod({ phase: 'Pending', containerStatuses: [status] });
}

function unscheduled(message: string): Pod {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
  return pod({ phase: 'Pending', conditions: [condition] });
}

/** As real API servers say it. */
const refusals: readonly [string, WorkloadFailureCode][] = [
  [
    'pods "web-6d5" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2',
    'quota-exceeded',
  ],
  ['pods "web-6d5" is forbidden: failed quota: cpu: must specify limits.cpu for: web', 'quota-exceeded'],
  [
    'pods "web-6d5" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    'limit-exceeded',
  ],
  [
    'pods "web-6d5" is forbidden: [minimum cpu usage per Pod is 100m, but request is 10m, maximum cpu usage per Pod is 1, but limit is 2]',
    'limit-exceeded',
  ],
  [
    'pods "web-6d5" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    'admission-denied',
  ],
  ['admission webhook "policy.example" denied the request: no latest tag', 'admission-denied'],
  [
    'Internal error occurred: failed calling webhook "policy.example": failed to call webhook: connection refused',
    'admission-denied',
  ],
  [
    "pods \"web-6d5\" is forbidden: ValidatingAdmissionPolicy 'tags' with binding 'tags' denied request: no latest tag",
    'admission-denied',
  ],
  [
    'pods "web-6d5" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
    'pod-not-created',
  ],
  ['something that nobody has thought of', 'pod-not-created'],
];

const stuck: readonly [string, Pod, WorkloadFailureCode, boolean][] = [
  [
    'too little memory',
    unscheduled('0/2 nodes are available: 2 Insufficient memory.'),
    'unschedulable',
    true,
  ],
  ['no node', unscheduled('no nodes available to schedule pods'), 'no-nodes', true],
  ['no claim', unscheduled('persistentvolumeclaim "data" not found'), 'volume-missing', false],
  [
    'a claim without volume',
    unscheduled('0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
    'volume-missing',
    true,
  ],
  ['no image', waiting('ErrImagePull', 'not found'), 'image-pull', true],
  ['no image for long', waiting('ImagePullBackOff'), 'image-pull', true],
  ['a bad image name', waiting('InvalidImageName'), 'image-pull', false],
  ['no config map', waiting('CreateContainerConfigError'), 'container-not-created', false],
  ['a bad command', waiting('RunContainerError'), 'container-not-created', true],
  ['a crash loop', waiting('CrashLoopBackOff', 'back-off 10s'), 'crash-loop', false],
];

describe('why pods do not come', () => {
  for (const [said, code] of refusals) {
    test(`${code}: ${said.slice(0, 70)}`, () => {
      const diagnosis = refused(said);
      assert.deepEqual([diagnosis?.code, diagnosis?.said], [code, said]);
    });
  }

  for (const [name, of, code, mayPass] of stuck) {
    test(name, () => {
      const diagnosis = diagnose({ ...nothing, pods: [of] });
      assert.deepEqual([diagnosis?.code, diagnosis?.mayPass], [code, mayPass]);
    });
  }

  test('an init container that fails is named', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const lastState = { terminated: { exitCode: 3, reason: 'Error' } };
    const init = { name: 'migrate', ready: false, restartCount: 2, state, lastState };
    const diagnosis = diagnose({ ...nothing, pods: [pod({ initContainerStatuses: [init] })] });
    assert.equal(diagnosis?.said, 'Container migrate: CrashLoopBackOff. It ended with code 3 (Error).');
  });

  test('a StatefulSet says it in events: the newest counts', () => {
    const event = (note: string): Event => ({
      metadata: { name: 'e' },
      eventTime: '2026-11-24T00:00:00.000000Z',
      reportingController: 'statefulset-controller',
      reportingInstance: 'a',
      action: 'Create',
      reason: 'FailedCreate',
      type: 'Warning',
      note,
    });
    const events = [
      event('create Pod db-0 failed: exceeded quota: a'),
      event('admission webhook "b" denied the request: c'),
    ];
    assert.equal(diagnose({ ...nothing, events })?.code, 'admission-denied');
  });

  test('nothing is in the way of a pod that is on its way', () => {
    for (const each of [pod({ phase: 'Pending' }), waiting('ContainerCreating'), waiting('PodInitializing')])
      assert.equal(diagnose({ ...nothing, pods: [each] }), null);
    assert.equal(diagnose(nothing), null);
  });

  test('one pod that comes is enough, and one that goes says nothing', () => {
    const coming = pod({ phase: 'Running' });
    assert.equal(diagnose({ ...nothing, pods: [waiting('CrashLoopBackOff'), coming] }), null);
    const going = {
      ...waiting('CrashLoopBackOff'),
      metadata: { name: 'web-0', deletionTimestamp: '2026-11-24T00:00:00Z' },
    };
    assert.equal(diagnose({ ...nothing, pods: [going] }), null);
  });

  test('people are told what Kubernetes says, and what to do', () => {
    const diagnosis = refused('exceeded quota: small');
    assert.ok(diagnosis);
    assert.deepEqual(failureOf(diagnosis), {
      code: 'quota-exceeded',
      message: 'exceeded quota: small. Raise the ResourceQuota of the namespace, or free some of it.',
      output: [],
      permanent: true,
    });
  });
});
