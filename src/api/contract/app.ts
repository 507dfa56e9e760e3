import { nullable, literals, Instant, Count, DurationMs } from './parts.ts';
import { Type, type Static } from 'typebox';

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

export const ListenProblem = Type.Object(
  {
    code: Type.String({ description: 'Of the operating system, like `EADDRINUSE`' }),
    message: Type.String(),
    retryAt: Instant,
  },
  { title: 'ListenProblem', description: 'A port of the app cannot be had: nobody can connect to it' },
);
export type ListenProblem = Static<typeof ListenProblem>;

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
    listenProblem: nullable(ListenProblem),
    failure: nullable(Failure),
  },
  { title: 'App' },
);
export type App = Static<typeof App>;

export const AppList = Type.Object({ now: Instant, apps: Type.Array(App) }, { title: 'AppList' });
export type AppList = Static<typeof AppList>;
