import { App } from './app.ts';
import { nullable, literals, Instant, Count, DurationMs } from './parts.ts';
import { Type, type Static } from 'typebox';

export const ReplicaView = Type.Object(
  {
    id: Type.String(),
    phase: literals(['starting', 'serving', 'terminating'], {}),
    pid: nullable(Type.Integer()),
    addresses: Type.Array(Type.Object({ host: Type.String(), port: Count })),
    startedAt: nullable(Instant),
    readyAt: nullable(Instant),
  },
  { title: 'Replica' },
);
export type ReplicaView = Static<typeof ReplicaView>;

export const ColdStart = Type.Object(
  {
    at: nullable(Instant),
    wakeMs: DurationMs,
    spawnMs: DurationMs,
    readyMs: DurationMs,
    releaseMs: DurationMs,
    firstByteMs: DurationMs,
    totalMs: DurationMs,
  },
  { title: 'ColdStart', description: 'The last wake that somebody waited for, by phases' },
);
export type ColdStart = Static<typeof ColdStart>;

export const Counters = Type.Object(
  {
    connections: Count,
    requests: Count,
    held: Count,
    refused: Type.Record(Type.String(), Count),
    noWake: Count,
    retries: Count,
    responses: Type.Record(Type.String(), Count),
    bytesIn: Count,
    bytesOut: Count,
  },
  { title: 'Counters', description: 'Totals since Drowse took charge of the app' },
);
export type Counters = Static<typeof Counters>;

export const ProcessSettings = Type.Object(
  {
    kind: Type.Literal('process'),
    command: Type.String(),
    cwd: Type.String(),
    environment: Type.Array(Type.String(), { description: 'Names only: values may be secret' }),
    ready: Type.String({ description: 'When a replica is ready, in words' }),
    stop: Type.Object({ signal: Type.String(), graceMs: DurationMs }),
  },
  { title: 'ProcessSettings', description: 'Replicas are processes of the machine of Drowse' },
);
export type ProcessSettings = Static<typeof ProcessSettings>;

export const WorkloadSettings = Type.Object(
  {
    kind: Type.Literal('workload'),
    target: Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      namespace: Type.String(),
      name: Type.String(),
    }),
  },
  { title: 'WorkloadSettings', description: 'Replicas are those of an object in a cluster' },
);
export type WorkloadSettings = Static<typeof WorkloadSettings>;

export const AppSettings = Type.Object(
  {
    runs: Type.Union([ProcessSettings, WorkloadSettings]),
    sleepAfterMs: nullable(DurationMs),
    startTimeoutMs: DurationMs,
    minReplicas: Count,
    maxReplicas: Count,
    maxConcurrency: nullable(Count),
    hold: Type.Object({ max: Count, timeoutMs: DurationMs, waitingPage: Type.Boolean() }),
    drainTimeoutMs: DurationMs,
    dependsOn: Type.Array(Type.String()),
    schedule: Type.Array(Type.String(), {
      description: 'What each window does, and the window as it is written in the configuration',
    }),
    noWake: Type.Array(Type.String(), { description: 'Requests that do not wake it, in words' }),
  },
  { title: 'AppSettings' },
);
export type AppSettings = Static<typeof AppSettings>;

export const AppDetail = Type.Object(
  {
    now: Instant,
    app: App,
    settings: AppSettings,
    startAdvice: nullable(
      Type.String({ description: 'What seems to keep its start from becoming ready, and what to do' }),
    ),
    replicas: Type.Array(ReplicaView),
    counters: nullable(Counters),
    coldStart: nullable(ColdStart),
    coldStarts: Type.Object(
      {
        count: Count,
        p50Ms: nullable(DurationMs),
        p95Ms: nullable(DurationMs),
        lastMs: nullable(DurationMs),
      },
      { description: 'The last hundred since Drowse started; `lastMs` also from before' },
    ),
  },
  { title: 'AppDetail' },
);
export type AppDetail = Static<typeof AppDetail>;
