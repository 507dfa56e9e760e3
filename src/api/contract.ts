import { Type, type Static, type TSchema } from 'typebox';

/**
 * The contract of the API: the one source of its types, its validation and its OpenAPI document. A schema with a `title` becomes a named
 * component there. Conventions: instants are ISO 8601 strings in UTC with milliseconds, durations are milliseconds (`…Ms`), and what is
 * not known is `null`, never 0.
 */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const literals = <const T extends readonly string[]>(
  values: T,
  options: { title?: string; description?: string },
) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

const Instant = Type.String({
  description: 'ISO 8601, UTC, with milliseconds',
  examples: ['2026-01-31T08:00:00.000Z'],
});
const Count = Type.Integer({ minimum: 0 });
const DurationMs = Type.Number({ minimum: 0, description: 'Milliseconds' });

/** The states of an app, as the handover automaton names them. */
export const states = [
  'asleep',
  'waking',
  'handing-over',
  'awake',
  'stepping-in',
  'draining',
  'failed',
] as const;
export const State = literals(states, { title: 'State' });
export type State = (typeof states)[number];

export const Failure = Type.Object(
  {
    code: Type.String({ description: 'Stable' }),
    message: Type.String(),
    output: Type.Array(Type.String(), { description: 'The last lines that the process wrote, oldest first' }),
    permanent: Type.Boolean({
      description: 'Trying again without a change of the configuration cannot help',
    }),
    retryAt: nullable(Instant),
  },
  { title: 'Failure' },
);
export type Failure = Static<typeof Failure>;

export const NextChange = Type.Object(
  { what: literals(['sleep', 'wake'], {}), at: Instant, because: Type.String() },
  { title: 'NextChange', description: 'The next change that comes by itself if nothing else happens' },
);
export type NextChange = Static<typeof NextChange>;

export const Pin = Type.Object(
  { until: Type.Union([Instant, Type.Null()], { description: '`null`: without end' }), by: Type.String() },
  { title: 'Pin' },
);
export type Pin = Static<typeof Pin>;

export const AppPort = Type.Object(
  { name: Type.String(), host: Type.String(), port: Count, protocol: literals(['auto', 'http', 'tcp'], {}) },
  { title: 'AppPort', description: 'Where people connect to' },
);
export type AppPort = Static<typeof AppPort>;

export const ReplicaCounts = Type.Object(
  { desired: nullable(Count), starting: Count, serving: Count, terminating: Count, max: Count },
  { title: 'ReplicaCounts' },
);
export type ReplicaCounts = Static<typeof ReplicaCounts>;

export const App = Type.Object(
  {
    name: Type.String(),
    state: State,
    since: Instant,
    replicas: ReplicaCounts,
    next: nullable(NextChange),
    pinned: nullable(Pin),
    held: nullable(Count),
    inFlight: nullable(Count),
    requests: nullable(Count),
    connections: nullable(Count),
    lastUseAt: nullable(Instant),
    memoryBytes: nullable(Type.Number({ minimum: 0 })),
    cpuSeconds: nullable(Type.Number({ minimum: 0 })),
    lastColdStartMs: nullable(DurationMs),
    ports: Type.Array(AppPort),
    failure: nullable(Failure),
  },
  { title: 'App' },
);
export type App = Static<typeof App>;

export const AppList = Type.Object({ now: Instant, apps: Type.Array(App) }, { title: 'AppList' });
export type AppList = Static<typeof AppList>;

export const Visitor = Type.Object(
  {
    client: Type.String({ description: 'Address and port' }),
    protocol: literals(['http', 'tcp'], {}),
    port: Type.String({ description: 'Name of the port of the app' }),
    method: nullable(Type.String()),
    path: nullable(Type.String()),
    userAgent: nullable(Type.String()),
    since: nullable(Instant),
  },
  { title: 'Visitor' },
);
export type Visitor = Static<typeof Visitor>;

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

export const AppSettings = Type.Object(
  {
    command: Type.String(),
    cwd: Type.String(),
    environment: Type.Array(Type.String(), { description: 'Names only: values may be secret' }),
    sleepAfterMs: nullable(DurationMs),
    startTimeoutMs: DurationMs,
    minReplicas: Count,
    maxReplicas: Count,
    maxConcurrency: nullable(Count),
    hold: Type.Object({ max: Count, timeoutMs: DurationMs, waitingPage: Type.Boolean() }),
    stop: Type.Object({ signal: Type.String(), graceMs: DurationMs, drainMs: DurationMs }),
    dependsOn: Type.Array(Type.String()),
    schedule: Type.Array(Type.String(), { description: 'As written in the configuration' }),
  },
  { title: 'AppSettings' },
);
export type AppSettings = Static<typeof AppSettings>;

export const AppDetail = Type.Object(
  {
    now: Instant,
    app: App,
    settings: AppSettings,
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

export const Reason = Type.Object({ code: Type.String(), message: Type.String() }, { title: 'Reason' });
export type Reason = Static<typeof Reason>;

export const WokenBy = Type.Object(
  {
    at: nullable(Instant),
    cause: literals(['request', 'operator', 'schedule', 'dependent', 'configuration', 'adopted'], {}),
    by: nullable(Type.String({ description: 'The operator, the rule or the app that asked for it' })),
    visitor: nullable(Visitor),
  },
  { title: 'WokenBy' },
);
export type WokenBy = Static<typeof WokenBy>;

export const Why = Type.Object(
  {
    now: Instant,
    app: App,
    wokenBy: nullable(WokenBy),
    keptAwakeBy: Type.Array(Reason),
    attempts: Type.Integer({ minimum: 0, description: 'Failed starts and quick deaths in a row' }),
    dependsOn: Type.Array(Type.Object({ name: Type.String(), state: nullable(State) })),
    dependents: Type.Array(Type.String(), { description: 'Apps that need this one and are not asleep' }),
    lastUse: nullable(Visitor),
    held: Type.Array(Visitor),
    inFlight: Type.Array(Visitor),
    coldStart: nullable(ColdStart),
    lastFailure: nullable(Type.Object({ at: nullable(Instant), failure: Failure })),
    hints: Type.Array(Type.String(), { description: 'What one can do' }),
  },
  { title: 'Why', description: 'Why the app is in the state that it is in' },
);
export type Why = Static<typeof Why>;

const waitOptions = {
  wait: Type.Optional(
    Type.Boolean({ default: false, description: 'Answer only when the app is there, or cannot be' }),
  ),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000, description: 'How long to wait' })),
};
export const WakeBody = Type.Object(
  { replicas: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })), ...waitOptions },
  { title: 'WakeBody', additionalProperties: false },
);
export type WakeBody = Static<typeof WakeBody>;

export const SleepBody = Type.Object(waitOptions, { title: 'SleepBody', additionalProperties: false });
export type SleepBody = Static<typeof SleepBody>;

export const PinBody = Type.Object(
  {
    until: Type.Optional(Type.String({ description: 'ISO 8601 with a time zone' })),
    forMs: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 31_536_000_000, description: 'At most a year' }),
    ),
  },
  { title: 'PinBody', additionalProperties: false, description: 'Neither of them: without end' },
);
export type PinBody = Static<typeof PinBody>;

export const UnpinBody = Type.Object({}, { title: 'UnpinBody', additionalProperties: false });

export const journalKinds = ['transition', 'operator', 'failure', 'config', 'cold-start'] as const;
export const JournalEntry = Type.Object(
  {
    at: Instant,
    app: Type.String(),
    kind: literals(journalKinds, {}),
    from: nullable(State),
    to: nullable(State),
    message: Type.String(),
    detail: nullable(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'JournalEntry' },
);
export type JournalEntry = Static<typeof JournalEntry>;

export const Journal = Type.Object(
  { entries: Type.Array(JournalEntry, { description: 'Newest first' }) },
  { title: 'Journal' },
);
export type Journal = Static<typeof Journal>;

export const LogLine = Type.Object(
  {
    at: Instant,
    replica: Type.String(),
    stream: literals(['stdout', 'stderr', 'drowse'], {}),
    text: Type.String(),
  },
  { title: 'LogLine', description: 'One line of newline-delimited JSON' },
);
export type LogLine = Static<typeof LogLine>;

/** What `GET events` sends. `reset`: events were missed, fetch the list again. */
export const StreamEvent = Type.Union(
  [
    Type.Object({ type: Type.Literal('app'), at: Instant, app: App }),
    Type.Object({ type: Type.Literal('removed'), at: Instant, name: Type.String() }),
    Type.Object({ type: Type.Literal('reset'), at: Instant }),
  ],
  { title: 'StreamEvent' },
);
export type StreamEvent = Static<typeof StreamEvent>;

export const Finding = Type.Object(
  {
    level: literals(['ok', 'warning', 'error'], {}),
    check: Type.String({ description: 'Stable name of what was checked' }),
    app: nullable(Type.String()),
    message: Type.String(),
    cure: nullable(Type.String()),
  },
  { title: 'Finding' },
);
export type Finding = Static<typeof Finding>;

export const Doctor = Type.Object({ findings: Type.Array(Finding) }, { title: 'Doctor' });
export type Doctor = Static<typeof Doctor>;

export const Version = Type.Object(
  {
    version: Type.String(),
    node: Type.String(),
    instance: Type.String({ description: 'Differs between any two starts of Drowse' }),
    startedAt: Instant,
    configPath: nullable(Type.String()),
    pid: Type.Integer(),
  },
  { title: 'Version' },
);
export type Version = Static<typeof Version>;

/** The stable codes of problems; `problem-codes.ts` maps each to a status. */
export const problemCodes = [
  'bad-request',
  'unauthorized',
  'host-not-allowed',
  'no-such-app',
  'no-such-route',
  'method-not-allowed',
  'conflict',
  'body-too-large',
  'unsupported-media-type',
  'too-many-requests',
  'internal',
  'wake-failed',
  'too-many-streams',
  'shutting-down',
  'timed-out',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: literals(problemCodes, { description: 'Stable' }),
    instance: Type.Optional(Type.String()),
    suggestion: Type.Optional(Type.String({ description: 'The nearest known name' })),
    failure: Type.Optional(Failure),
    app: Type.Optional(App),
  },
  { title: 'Problem', description: 'RFC 9457' },
);
export type Problem = Static<typeof Problem>;
