import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { namespaces } from '../../src/platforms/kubernetes/client/resources.ts';
import { statusOf } from '../../src/platforms/kubernetes/client/resource.ts';
import { type ScaledApp, scaledApps } from '../../src/platforms/kubernetes/scaled-app/scaled-app.ts';
import { fails } from '../../src/testing/kube-contract/environment.ts';
import { eventually } from './eventually.ts';
import { installDefinitions } from './harness/definitions.ts';
import { connectAdministrator } from './harness/kube-client.ts';
import { openCluster } from './harness/open-cluster.ts';
import { kubectl } from './lifecycle/kubectl.ts';

const cluster = openCluster();
let connection: KubeConnection;
let namespace = '';

before(async () => {
  await installDefinitions(cluster);
  connection = await connectAdministrator(cluster, 'drowse');
  const made = await connection.api.create(namespaces, { metadata: { generateName: 'scaled-app-' } });
  namespace = made.metadata.name ?? '';
  await eventually(async () => connection.api.list(scaledApps, { namespace }), {
    limitMs: 20_000,
    else: () => 'the API server does not serve ScaledApps',
  });
});
after(async () => {
  await connection.api.delete(namespaces, { name: namespace });
  await connection.close();
});

/** As somebody may have written it. */
type Written = Readonly<Record<string, unknown>>;

const target = { scaleTargetRef: { name: 'web' } };

function appOf(name: string, spec: Written): ScaledApp {
  return { metadata: { namespace, name }, spec: { ...target, ...spec } } as ScaledApp;
}

const window = 'Mon-Fri 08:00-20:00 Europe/Berlin';

const accepted: Readonly<Record<string, Written>> = {
  'a target alone': {},
  'another kind of target': {
    scaleTargetRef: { apiVersion: 'argoproj.io/v1', kind: 'Rollout', name: 'a.b' },
  },
  everything: {
    services: ['web', 'web-admin'],
    ports: [
      { port: 80, protocol: 'http' },
      { service: 'web-admin', port: 'amqp', protocol: 'tcp' },
    ],
    sleepAfter: '1h30m',
    schedule: [
      { awake: window },
      { asleep: 'Sat-Sun 00:00-24:00 UTC', refuse: true },
      { weekdays: '1-5', sleepAt: '20:00', wakeUpAt: '08:00', timeZone: 'Europe/Rome' },
    ],
    paused: false,
    minReplicas: 0,
    maxReplicas: 5,
    hold: { max: 100, timeout: '90s', waitingPage: true },
    wake: { timeout: '10m', replicas: 5 },
    limits: { maxConcurrency: 4 },
    drainTimeout: '0s',
    dependsOn: ['db', 'cache'],
    noWake: [
      { path: '/health', methods: ['GET'], answer: { status: 204, body: '', contentType: 'text/plain' } },
      { path: '*', userAgent: 'bot' },
      { sources: ['10.0.0.0/8', '2001:db8::/32', '::1/128'] },
    ],
  },
  'a policy of its own': { policyRef: { name: 'nightly' }, minReplicas: 1 },
  'never by idleness': { sleepAfter: 'never' },
  'parts of a second': { sleepAfter: '0.5s', hold: { timeout: '500ms' } },
};

/** What is written, the field that is complained of, and what is said of it. */
const refused: Readonly<Record<string, readonly [spec: Written, field: string, says: RegExp]>> = {
  'no target': [{ scaleTargetRef: null }, 'spec.scaleTargetRef', /Required/i],
  'a target without a name': [{ scaleTargetRef: {} }, 'spec.scaleTargetRef.name', /Required/i],
  'a target elsewhere': [
    { scaleTargetRef: { name: 'other/web' } },
    'spec.scaleTargetRef.name',
    /expected the name of an object in the same namespace/,
  ],
  'a URL for a Service': [
    { services: ['http://10.0.0.1'] },
    'spec.services[0]',
    /expected the name of an object/,
  ],
  'a Service twice': [{ services: ['a', 'a'] }, 'spec.services[1]', /Duplicate value: "a"/],
  'a bare number for a time': [
    { sleepAfter: '15' },
    'spec.sleepAfter',
    /expected a duration such as 90s.*, or never/,
  ],
  'no time at all to sleep after': [
    { sleepAfter: '0h0m' },
    'spec.sleepAfter',
    /at once or never: write never/,
  ],
  'no time at all to hold': [
    { hold: { timeout: '0s' } },
    'spec.hold.timeout',
    /expected more than no time at all/,
  ],
  'an empty time': [{ drainTimeout: '' }, 'spec.drainTimeout', /at least 1 chars long/],
  'units in the wrong order': [
    { drainTimeout: '1s1h' },
    'spec.drainTimeout',
    /expected a duration such as 90s/,
  ],
  'a window without a zone': [
    { schedule: [{ awake: 'Mon-Fri 08:00-20:00' }] },
    'spec.schedule[0].awake',
    /expected days, times and a time zone, as in `Mon-Fri 08:00-20:00 Europe\/Berlin`/,
  ],
  'awake and asleep': [
    { schedule: [{ awake: window, asleep: window }] },
    'spec.schedule[0]',
    /exactly one of awake, asleep and sleepAt/,
  ],
  'a window that is neither': [
    { schedule: [{}] },
    'spec.schedule[0]',
    /exactly one of awake, asleep and sleepAt/,
  ],
  'a refusal while awake': [
    { schedule: [{ awake: window, refuse: true }] },
    'spec.schedule[0].refuse',
    /goes with asleep/,
  ],
  'kube-green without days': [
    { schedule: [{ sleepAt: '20:00' }] },
    'spec.schedule[0]',
    /sleepAt and weekdays go together/,
  ],
  'half of kube-green': [
    { schedule: [{ awake: window, timeZone: 'UTC' }] },
    'spec.schedule[0]',
    /wakeUpAt and timeZone go with sleepAt/,
  ],
  'a policy and a time': [
    { policyRef: { name: 'a' }, sleepAfter: '1m' },
    'spec.policyRef',
    /belong to the built-in policy/,
  ],
  'more at least than at most': [
    { minReplicas: 3, maxReplicas: 2 },
    'spec.minReplicas',
    /is more than maxReplicas/,
  ],
  'a wake to more than at most': [
    { wake: { replicas: 3 }, maxReplicas: 2 },
    'spec.wake.replicas',
    /is more than maxReplicas/,
  ],
  'a wake to nothing': [{ wake: { replicas: 0 } }, 'spec.wake.replicas', /greater than or equal to 1/],
  'text for a number': [{ minReplicas: 'two' }, 'spec.minReplicas', /must be of type integer: "string"/],
  'port 0': [
    { ports: [{ port: 0, protocol: 'tcp' }] },
    'spec.ports[0].port',
    /expected the number of a port/,
  ],
  'a protocol that is none': [
    { ports: [{ port: 80, protocol: 'udp' }] },
    'spec.ports[0].protocol',
    /supported values: "auto", "http", "tcp"/,
  ],
  'dependence on itself': [{ dependsOn: ['app'] }, 'spec.dependsOn', /an app cannot depend on itself/],
  'a rule that matches everything': [
    { noWake: [{ answer: {} }] },
    'spec.noWake[0]',
    /a rule needs a condition/,
  ],
  'a relative path': [{ noWake: [{ path: 'health' }] }, 'spec.noWake[0].path', /expected a path such as/],
  'an address for a block': [
    { noWake: [{ sources: ['10.0.0.1'] }] },
    'spec.noWake[0].sources[0]',
    /ends in \/32 or \/128/,
  ],
  'two lines in a header': [
    { noWake: [{ path: '/', answer: { contentType: 'a\r\nb' } }] },
    'spec.noWake[0].answer.contentType',
    /expected a media type/,
  ],
};

const create = (spec: Written) => connection.api.create(scaledApps, appOf('app', spec), { isDryRun: true });

void describe('a ScaledApp that is written', () => {
  for (const [what, spec] of Object.entries(accepted))
    test(`with ${what} is accepted`, async () => void (await create(spec)));

  for (const [what, [spec, field, says]] of Object.entries(refused)) {
    test(`with ${what} is refused, and told why`, async () => {
      const { causes } = await fails(create(spec), 'Invalid');
      const cause = causes.find((one) => one.field === field && says.test(one.message ?? ''));
      assert.ok(cause !== undefined, JSON.stringify(causes, null, 1));
    });
  }

  test('with an unknown field is refused by kubectl', async () => {
    const input = JSON.stringify({
      apiVersion: 'drowse.dev/v1alpha1',
      kind: 'ScaledApp',
      metadata: { name: 'app', namespace },
      spec: { ...target, sleepafter: '15m' },
    });
    const ask = eventually(
      () =>
        kubectl(cluster, ['create', '--dry-run=server', '--filename=-'], { input }).then(
          () => null,
          (error: Error) => error.message,
        ),
      { limitMs: 20_000, else: () => 'kubectl takes an unknown field' },
    );
    assert.match(await ask, /unknown field "(spec\.)?sleepafter"/);
  });
});

void describe('a ScaledApp that is kept', () => {
  const key = () => ({ namespace, name: 'kept' });
  before(() => connection.api.create(scaledApps, appOf('kept', {})));

  test('has its target filled in', async () => {
    const { spec } = await connection.api.get(scaledApps, key());
    assert.deepEqual(spec, { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } });
  });

  test('keeps its target: what is put to sleep would be left behind', async () => {
    const body = { spec: { scaleTargetRef: { name: 'other' } } };
    const call = connection.api.patch(scaledApps, key(), { type: 'merge', body });
    const { message } = await fails(call, 'Invalid');
    assert.match(message, /spec\.scaleTargetRef: .*cannot be changed, or the old target would stay/);
  });

  test('has a status that is written apart, and columns that tell it', async () => {
    const since = '2026-01-31T08:00:00Z';
    const status: ScaledApp['status'] = {
      observedGeneration: 1,
      state: 'Asleep',
      since,
      replicas: 0,
      savedReplicas: 3,
      policy: 'idle 15m',
      policyState: { any: { thing: [1, 'two'] } },
      armedWake: [{ validUntil: since, replicas: 3 }, { refuse: 'it is night' }],
      activatorPorts: [{ service: 'web', port: 80, activatorPort: 20_000 }],
      services: [{ name: 'web', handled: true, reason: 'ClusterIP', message: '' }],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Asleep',
          message: 'A request wakes it.',
          lastTransitionTime: since,
          observedGeneration: 1,
        },
      ],
    };
    const body = { status };
    const written = await connection.api.patch(statusOf(scaledApps), key(), { type: 'merge', body });
    assert.deepEqual(written.status, status);
    assert.equal(written.metadata.generation, 1);
    const line = (await kubectl(cluster, ['get', 'sapp', 'kept', `--namespace=${namespace}`])).split('\n');
    assert.match(line[0] ?? '', /^NAME +STATE +REPLICAS +POLICY +SINCE +REASON$/);
    assert.match(line[1] ?? '', /^kept +Asleep +0 +idle 15m +\S+ +Asleep$/);
    const wait = ['wait', '--for=condition=Ready', 'sapp/kept', `--namespace=${namespace}`, '--timeout=5s'];
    assert.match(await kubectl(cluster, wait), /condition met/);
    assert.match(await kubectl(cluster, ['get', 'drowse', `--namespace=${namespace}`]), /kept/);
  });

  test('has no saved count of 0, and no state that nobody knows', async () => {
    for (const status of [{ savedReplicas: 0 }, { state: 'Dreaming' }]) {
      const call = connection.api.patch(statusOf(scaledApps), key(), { type: 'merge', body: { status } });
      await fails(call, 'Invalid');
    }
  });
});
