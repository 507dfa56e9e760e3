import type { Phase } from '../core/handover/types.ts';
import type { GateCounters } from '../ports/data-path.ts';
import { phases, refusals } from './exporter-vocabulary.ts';

/** What the exporter reads of an app when it is scraped. `null` is unknown, and leaves the series out: never 0. */
export interface AppSnapshot {
  readonly name: string;
  readonly phase: Phase;
  /** What the policy wants. */
  readonly desired: number | null;
  readonly replicas: Readonly<Record<'starting' | 'serving' | 'terminating', number>> | null;
  readonly held: number | null;
  readonly inFlight: number | null;
  readonly counters: GateCounters | null;
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of series that is read from the snapshots. The label `app` comes first, by itself. */
export interface SnapshotFamily {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (app: AppSnapshot) => readonly Sample[];
}

export const snapshotFamilies: readonly SnapshotFamily[] = [
  {
    name: 'drowse_app_state',
    type: 'gauge',
    labels: ['state'],
    help: '1 for the state that the app is in, 0 for the others.',
    read: ({ phase }) => phases.map((state) => ({ labels: { state }, value: state === phase ? 1 : 0 })),
  },
  {
    name: 'drowse_app_replicas',
    type: 'gauge',
    labels: ['phase'],
    help: 'Replicas that are starting, serving or terminating.',
    read: ({ replicas }) => byKey(replicas, 'phase'),
  },
  single('drowse_app_replicas_desired', 'gauge', 'Replicas that the policy wants.', (app) => app.desired),
  single('drowse_app_held', 'gauge', 'Requests and connections that wait for the app.', (app) => app.held),
  single('drowse_app_in_flight', 'gauge', 'Requests and connections being served.', (app) => app.inFlight),
  single(
    'drowse_app_memory_bytes',
    'gauge',
    'Resident memory of all processes of the app.',
    (app) => app.memoryBytes,
  ),
  single(
    'drowse_app_cpu_seconds',
    'gauge',
    'CPU time of the processes that live now; falls when one ends.',
    (app) => app.cpuSeconds,
  ),
  counter('drowse_app_connections_total', 'Connections accepted.', ({ connections }) => connections),
  counter('drowse_app_requests_total', 'HTTP requests and other uses seen.', ({ requests }) => requests),
  counter('drowse_app_holds_total', 'Requests and connections that had to wait.', ({ held }) => held),
  counter('drowse_app_no_wake_total', 'Requests answered by a no-wake rule.', ({ noWake }) => noWake),
  counter(
    'drowse_app_retries_total',
    'Uses sent to another replica because the first refused the connection.',
    ({ retries }) => retries,
  ),
  counter('drowse_app_received_bytes_total', 'Bytes from clients.', ({ bytesIn }) => bytesIn),
  counter('drowse_app_sent_bytes_total', 'Bytes to clients.', ({ bytesOut }) => bytesOut),
  {
    name: 'drowse_app_refused_total',
    type: 'counter',
    labels: ['reason'],
    help: 'Uses that Drowse refused, or that left while they waited (`left`).',
    read: ({ counters }) =>
      counters === null
        ? []
        : refusals.map((reason) => ({ labels: { reason }, value: counters.refused[reason] })),
  },
  {
    name: 'drowse_app_responses_total',
    type: 'counter',
    labels: ['class'],
    help: 'HTTP responses by class of status.',
    read: ({ counters }) => byKey(counters?.responses ?? null, 'class'),
  },
];

function single(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (app: AppSnapshot) => number | null,
): SnapshotFamily {
  const read = (app: AppSnapshot) => {
    const found = value(app);
    return found === null ? [] : [{ labels: {}, value: found }];
  };
  return { name, type, help, labels: [], read };
}

function counter(name: string, help: string, value: (counters: GateCounters) => number): SnapshotFamily {
  return single(name, 'counter', help, ({ counters }) => (counters === null ? null : value(counters)));
}

function byKey(values: Readonly<Record<string, number>> | null, label: string): readonly Sample[] {
  return Object.entries(values ?? {}).map(([key, value]) => ({ labels: { [label]: key }, value }));
}
