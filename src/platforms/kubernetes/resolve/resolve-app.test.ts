import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../client/resources.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { resolveApp, type ResolvedApp, workloadAppOf } from './resolve-app.ts';

const web: Service = {
  metadata: { name: 'web' },
  spec: {
    selector: { app: 'web' },
    clusterIP: '10.0.0.1',
    ports: [
      { name: 'http', port: 80 },
      { name: 'pg', port: 5432, appProtocol: 'postgres' },
    ],
  },
};
const target = { podLabels: { app: 'web' }, template: null, pods: [] };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web-set' };

function resolve(spec: Partial<ScaledApp['spec']> = {}): ResolvedApp {
  const metadata = { namespace: 'shop', name: 'web' };
  const surroundings = { services: [web], target, claims: new Map<string, string>() };
  return resolveApp({ metadata, spec: { scaleTargetRef, ...spec } }, surroundings);
}

void test('what a ScaledApp leaves out is filled in', () => {
  const { settings, findings, policyName, wakeReplicas, isPaused } = resolve();
  assert.deepEqual(settings, {
    startTimeoutMs: 120_000,
    sleepAfterMs: 900_000,
    schedule: [],
    minReplicas: 0,
    maxReplicas: 10_000,
    maxConcurrency: null,
    hold: { max: 10_000, timeoutMs: 300_000, waitingPage: false },
    drainTimeoutMs: 30_000,
    noWake: [],
  });
  assert.deepEqual([findings, policyName, wakeReplicas, isPaused], [[], null, null, false]);
});

void test('what it says is taken over', () => {
  const { settings, policyName, findings, wakeReplicas, isPaused } = resolve({
    sleepAfter: 'never',
    policyRef: { name: 'nightly' },
    minReplicas: 1,
    maxReplicas: 3,
    limits: { maxConcurrency: 7 },
    hold: { max: 5, timeout: '90s', waitingPage: true },
    wake: { timeout: '10m', replicas: 2 },
    paused: true,
    drainTimeout: '0s',
    noWake: [{ path: '/health', methods: ['get'], sources: ['10.0.0.0/8'], answer: { status: 204 } }],
  });
  assert.deepEqual(settings, {
    startTimeoutMs: 600_000,
    sleepAfterMs: null,
    schedule: [],
    minReplicas: 1,
    maxReplicas: 3,
    maxConcurrency: 7,
    hold: { max: 5, timeoutMs: 90_000, waitingPage: true },
    drainTimeoutMs: 0,
    noWake: [
      {
        path: '/health',
        methods: ['GET'],
        userAgent: null,
        sources: ['10.0.0.0/8'],
        answer: { status: 204, body: '', contentType: 'text/plain; charset=utf-8' },
      },
    ],
  });
  assert.deepEqual([policyName, findings, wakeReplicas, isPaused], ['nightly', [], 2, true]);
});

void test('schedules are those of the configuration file', () => {
  const { settings, findings } = resolve({
    schedule: [
      { awake: 'Mon-Fri 08:00-20:00 Europe/Berlin' },
      { asleep: 'Sat-Sun 00:00-24:00 UTC', refuse: true },
      { weekdays: '1', sleepAt: '20:00', wakeUpAt: '08:00' },
    ],
  });
  assert.deepEqual(findings, []);
  const [first, second, third, fourth] = settings.schedule;
  assert.deepEqual([first?.effect, first?.refuse, first?.window.timeZone], ['awake', false, 'Europe/Berlin']);
  assert.deepEqual([second?.effect, second?.refuse, second?.window.days], ['asleep', true, [6, 7]]);
  assert.deepEqual([third?.effect, third?.window.fromMinute, third?.window.toMinute], ['awake', 480, 1200]);
  assert.equal(fourth?.effect, 'asleep');
  assert.equal(third?.source, 'weekdays: 1, sleepAt: 20:00, wakeUpAt: 08:00');
});

void test('what the API server could not know is told, and the rest holds', () => {
  const { settings, findings } = resolve({
    sleepAfter: '1000d',
    schedule: [
      { awake: 'Mon-Fri 08:00-20:00 Mars/Olympus' },
      { weekdays: 'someday', sleepAt: '20:00' },
      { awake: 'Mon 08:00-20:00 UTC' },
    ],
  });
  assert.deepEqual(
    findings.map(({ field }) => field),
    ['spec.sleepAfter', 'spec.schedule[0].awake', 'spec.schedule[1].weekdays'],
  );
  assert.match(findings[1]?.message ?? '', /Mars\/Olympus/);
  assert.deepEqual([settings.sleepAfterMs, settings.schedule.length], [900_000, 1]);
});

void test('what needs HTTP is refused where no port can be', () => {
  const spec = {
    ports: [{ port: 'http', protocol: 'tcp' }],
    noWake: [{ path: '/' }],
    hold: { waitingPage: true },
  } as const;
  const fields = (one: Partial<ScaledApp['spec']>) => resolve(one).findings.map(({ field }) => field);
  assert.deepEqual(fields({ ...spec, ports: [...spec.ports], noWake: [...spec.noWake] }), [
    'spec.noWake',
    'spec.hold.waitingPage',
  ]);
  assert.deepEqual(fields({ noWake: [...spec.noWake], hold: spec.hold }), []);
});

void test('control sees an app with a port for each that has an activator port', () => {
  const ports = new Map([
    ['web:80', 20_001],
    ['web:5432', 20_000],
  ]);
  const resolved = resolve({ dependsOn: ['db'] });
  const made = workloadAppOf(resolved, { host: '::', ports });
  assert.deepEqual(made?.target, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    namespace: 'shop',
    name: 'web-set',
  });
  assert.deepEqual([made.kind, made.name, made.dependsOn], ['workload', 'shop/web', ['shop/db']]);
  assert.deepEqual(made.ports, [
    { name: 'web:80', listen: { host: '::', port: 20_001 }, target: 'assigned', protocol: 'auto' },
    { name: 'web:5432', listen: { host: '::', port: 20_000 }, target: 'assigned', protocol: 'tcp' },
  ]);
  ports.delete('web:80');
  assert.equal(workloadAppOf(resolved, { host: '::', ports })?.ports.length, 1);
  ports.clear();
  assert.equal(workloadAppOf(resolved, { host: '::', ports }), null);
});
