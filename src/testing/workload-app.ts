import type { WorkloadApp } from '../core/app.ts';

/** A workload as one annotation would make it, but for what a test changes. */
export function workloadApp(more: Partial<WorkloadApp> = {}): WorkloadApp {
  return {
    kind: 'workload',
    name: 'shop/web',
    target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    ports: [{ name: 'http', listen: { host: '::', port: 20_000 }, target: 'assigned', protocol: 'auto' }],
    startTimeoutMs: 60_000,
    sleepAfterMs: 900_000,
    schedule: [],
    minReplicas: 0,
    maxReplicas: 4,
    maxConcurrency: null,
    hold: { max: 100, timeoutMs: 60_000, waitingPage: false },
    drainTimeoutMs: 30_000,
    dependsOn: [],
    noWake: [],
    ...more,
  };
}
