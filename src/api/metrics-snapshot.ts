import type { AppSnapshot } from '../monitoring/exporter.ts';
import type { AppStatus } from './ports.ts';

/** What the exporter reads of an app, out of what the control loop knows. */
export function metricsSnapshot(status: AppStatus): AppSnapshot {
  const replicas = { starting: 0, serving: 0, terminating: 0 };
  for (const { phase } of status.replicas) replicas[phase] += 1;
  const { spec, phase, desired, held, inFlight, counters, memoryBytes, cpuSeconds } = status;
  return { name: spec.name, phase, desired, replicas, held, inFlight, counters, memoryBytes, cpuSeconds };
}
