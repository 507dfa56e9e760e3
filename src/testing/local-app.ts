import type { ProcessApp } from '../core/app.ts';

/** An app as a configuration of three lines would make it, but for what a test changes. */
export function localApp(more: Partial<ProcessApp> = {}): ProcessApp {
  return {
    kind: 'process',
    name: 'web',
    command: { kind: 'argv', argv: ['serve'] },
    cwd: '/',
    env: {},
    ports: [
      { name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: 'assigned', protocol: 'auto' },
    ],
    readiness: { kind: 'tcp' },
    startTimeoutMs: 10_000,
    sleepAfterMs: null,
    schedule: [],
    minReplicas: 0,
    maxReplicas: 4,
    maxConcurrency: null,
    hold: { max: 100, timeoutMs: 10_000, waitingPage: false },
    stop: { signal: 'SIGTERM', graceMs: 5_000 },
    drainTimeoutMs: 1_000,
    dependsOn: [],
    noWake: [],
    ...more,
  };
}
