import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodSpec, Service, ServicePort } from '../client/resources.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { claimsOf } from './claims.ts';
import { resolveServices, type ResolvedServices } from './resolve-services.ts';
import type { TargetFacts } from './types.ts';

const labels = { app: 'web', tier: 'front' };
const podSpec = (port: number): PodSpec => ({
  containers: [
    { name: 'sidecar', image: 'x', ports: [{ name: 'metrics', containerPort: 9090 }] },
    { name: 'app', image: 'x', ports: [{ name: 'http', containerPort: port }] },
  ],
  initContainers: [
    { name: 'once', image: 'x', ports: [{ name: 'gone', containerPort: 1 }] },
    { name: 'mesh', image: 'x', restartPolicy: 'Always', ports: [{ name: 'mesh', containerPort: 2 }] },
  ],
});
const target: TargetFacts = { podLabels: labels, template: { spec: podSpec(8080) }, pods: [] };
const http: ServicePort = { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' };

function service(name: string, spec: Partial<Service['spec']> = {}): Service {
  const base = { type: 'ClusterIP', clusterIP: '10.0.0.1', selector: { app: 'web' }, ports: [http] } as const;
  return { metadata: { name, namespace: 'shop' }, spec: { ipFamilies: ['IPv4'], ...base, ...spec } };
}

function app(
  spec: Partial<ScaledApp['spec']> = {},
  name = 'web',
  created = '2026-01-01T00:00:00Z',
): ScaledApp {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return {
    metadata: { name, namespace: 'shop', creationTimestamp: created },
    spec: { scaleTargetRef, ...spec },
  };
}

function resolve(
  services: readonly Service[],
  spec: Partial<ScaledApp['spec']> = {},
  facts: Partial<TargetFacts> = {},
): ResolvedServices {
  return resolveServices(app(spec), { services, target: { ...target, ...facts }, claims: new Map() });
}

/** `name: reason`, of each. */
function reasons({ verdicts }: ResolvedServices): readonly string[] {
  return verdicts.map(({ name, handled, reason }) => `${name}: ${handled ? '' : 'not '}${reason}`);
}

void test('Services are found by their selector, and are told by name', () => {
  const made = resolve([
    service('web'),
    service('admin', { selector: labels }),
    service('other', { selector: { app: 'db' } }),
    service('narrow', { selector: { app: 'web', version: '2' } }),
    service('manual', { selector: {} }),
  ]);
  assert.deepEqual(reasons(made), ['admin: ClusterIP', 'web: ClusterIP']);
  assert.deepEqual(made.findings, []);
});

void test('Services that are named are meant, whatever they are', () => {
  const services = [
    service('web'),
    service('db', { selector: { app: 'db' } }),
    service('manual', { selector: {} }),
  ];
  const made = resolve(services, { services: ['web', 'gone', 'db', 'manual'] });
  assert.deepEqual(reasons(made), [
    'db: not SelectsOtherPods',
    'gone: not NotFound',
    'manual: not NoSelector',
    'web: ClusterIP',
  ]);
});

void test('of a target without a template, Services are found by what is certain; one that is named is believed', () => {
  const facts = { template: null, podLabels: { app: 'web' } };
  const narrow = { app: 'web', track: 'stable' };
  const services = [
    service('web'),
    service('narrow', { selector: narrow }),
    service('db', { selector: { app: 'db' } }),
  ];
  assert.deepEqual(reasons(resolve(services, {}, facts)), ['web: ClusterIP']);
  assert.deepEqual(reasons(resolve(services, { services: ['narrow', 'db'] }, facts)), [
    'db: not SelectsOtherPods',
    'narrow: ClusterIP',
  ]);
});

void test('ClusterIP, NodePort and LoadBalancer are handled; what would lose connections is refused with a reason', () => {
  const cases: readonly (readonly [Partial<Service['spec']>, string])[] = [
    [{}, 'ClusterIP'],
    [{ type: 'NodePort' }, 'NodePort'],
    [{ type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' }, 'LoadBalancer'],
    [{ sessionAffinity: 'ClientIP' }, 'ClusterIP'],
    [{ internalTrafficPolicy: 'Cluster' }, 'ClusterIP'],
    [{ publishNotReadyAddresses: false }, 'ClusterIP'],
    [{ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, 'not ExternalTrafficLocal'],
    [{ internalTrafficPolicy: 'Local' }, 'not InternalTrafficLocal'],
    [{ publishNotReadyAddresses: true }, 'not PublishesNotReady'],
    [{ clusterIP: 'None' }, 'not Headless'],
    [{ type: 'ExternalName' }, 'not ExternalName'],
    [{ ports: [] }, 'not NoPort'],
  ];
  for (const [spec, expected] of cases) {
    const made = resolve([service('web', spec)]);
    assert.deepEqual(reasons(made), [`web: ${expected}`], JSON.stringify(spec));
    assert.equal(made.services.length, expected.startsWith('not') ? 0 : 1);
    assert.match(made.verdicts[0]?.message ?? '', /^[A-Za-z].{8,}\.$/);
  }
});

void test('session affinity is handled, and told', () => {
  const [verdict] = resolve([service('web', { sessionAffinity: 'ClientIP' })]).verdicts;
  assert.match(verdict?.message ?? '', /^Connections to it wake the app\. By its session affinity/);
});

void test('all TCP ports are taken over as they are; UDP is left alone, with a reason', () => {
  const dns = { name: 'dns', port: 53, targetPort: 5353 };
  const ports: ServicePort[] = [http, { ...dns, protocol: 'UDP' }, { ...dns, name: 'dns-tcp' }];
  const made = resolve([service('web', { ports })]);
  assert.deepEqual(made.services[0]?.ports, [
    { name: 'http', port: 80, targetPort: 8080, protocol: 'auto', appProtocol: null },
    { name: 'dns-tcp', port: 53, targetPort: 5353, protocol: 'auto', appProtocol: null },
  ]);
  const message = 'Port 53 (dns) is left as it is: only TCP can be held, and this is UDP.';
  assert.ok(made.verdicts[0]?.message.endsWith(message));
  const [alone] = resolve([service('web', { ports: [{ ...dns, protocol: 'UDP' }] })]).verdicts;
  assert.deepEqual(alone, { name: 'web', handled: false, reason: 'NoPort', message });
});

void test('a named target port is one of any container; unknown ones are refused once pods are known', () => {
  const named = (targetPort: string) => [service('web', { ports: [{ ...http, targetPort }] })];
  assert.equal(resolve(named('metrics')).services[0]?.ports[0]?.targetPort, 'metrics');
  assert.equal(resolve(named('mesh')).services.length, 1, 'a sidecar runs on');
  assert.equal(resolve(named('gone')).services.length, 0, 'an init container is over');
  const [verdict] = resolve(named('grpc')).verdicts;
  assert.deepEqual(
    [verdict?.reason, verdict?.message],
    ['NoPort', 'Port 80 (http) is left as it is: no container has a TCP port named grpc.'],
  );
  assert.deepEqual(reasons(resolve(named('grpc'), {}, { template: null })), ['web: ClusterIP']);
  const pod: Pod = { metadata: {}, spec: podSpec(1) };
  assert.deepEqual(reasons(resolve(named('grpc'), {}, { template: null, pods: [pod] })), ['web: not NoPort']);
  assert.deepEqual(reasons(resolve(named('http'), {}, { template: null, pods: [pod] })), ['web: ClusterIP']);
});

void test('a port without a name or a target is itself', () => {
  const [made] = resolve([service('web', { ports: [{ port: 5432 }] })]).services;
  assert.deepEqual(made?.ports, [
    { name: '', port: 5432, targetPort: 5432, protocol: 'auto', appProtocol: null },
  ]);
});

void test('families are those of the Service', () => {
  const families = (spec: Partial<Service['spec']>) => resolve([service('web', spec)]).services[0]?.families;
  assert.deepEqual(families({ ipFamilies: ['IPv6', 'IPv4'] }), ['IPv6', 'IPv4']);
  assert.deepEqual(families({ ipFamilies: [], clusterIP: 'fd00::1' }), ['IPv6']);
  assert.deepEqual(families({ ipFamilies: [] }), ['IPv4']);
});

void test('how a port is read: by the ScaledApp, first of all for this Service; then by the Service itself', () => {
  const ports: ServicePort[] = [
    { name: 'a', port: 1 },
    { name: 'b', port: 2, appProtocol: 'HTTP' },
    { name: 'c', port: 3, appProtocol: 'kubernetes.io/h2c' },
    { name: 'd', port: 4, appProtocol: 'http' },
  ];
  const rules: ScaledApp['spec']['ports'] = [
    { port: 'd', protocol: 'tcp' },
    { port: 4, service: 'web', protocol: 'auto' },
    { port: 1, service: 'other', protocol: 'http' },
  ];
  const made = resolve([service('web', { ports })], { ports: rules });
  assert.deepEqual(
    made.services[0]?.ports.map(({ protocol }) => protocol),
    ['auto', 'http', 'tcp', 'auto'],
  );
  assert.deepEqual(made.findings, [
    { field: 'spec.ports[2]', message: 'no Service of the app has a port 1' },
  ]);
  const twice = resolve([service('web')], {
    ports: [
      { port: 80, protocol: 'tcp' },
      { port: 80, protocol: 'http' },
    ],
  });
  assert.equal(twice.services[0]?.ports[0]?.protocol, 'tcp');
  assert.match(twice.findings[0]?.message ?? '', /says again/);
});

void test('without a Service that is handled nothing could wake it', () => {
  assert.match(resolve([]).findings[0]?.message ?? '', /no Service in this namespace picks the pods/);
  const [finding] = resolve([service('web', { clusterIP: 'None' })]).findings;
  assert.match(finding?.message ?? '', /none of its Services can be handled/);
  assert.deepEqual(resolve([service('set', { clusterIP: 'None' }), service('web')]).findings, []);
});

void test('a Service that an older app has is left to it; what that one cannot have is free', () => {
  const services = [service('web'), service('admin')];
  const old = app({ services: ['web'] }, 'old', '2025-01-01T00:00:00Z');
  const wrong = app({ services: ['admin'] }, 'wrong', '2025-01-01T00:00:00Z');
  const young = app({}, 'young', '2026-06-01T00:00:00Z');
  const claimants = [
    { app: young, target },
    { app: old, target },
    { app: wrong, target: { ...target, podLabels: {} } },
  ];
  const judged = (one: ScaledApp) =>
    reasons(resolveServices(one, { services, target, claims: claimsOf(claimants, services) }));
  assert.deepEqual(judged(young), ['admin: ClusterIP', 'web: not ClaimedByAnother']);
  assert.deepEqual(judged(old), ['web: ClusterIP']);
});
