import { Type, type Static } from 'typebox';
import { builtInApp } from '../built-in.ts';
import { environmentNamePattern, stopSignals } from '../names.ts';
import { command } from './command.ts';
import { noWake } from './no-wake.ts';
import { port, ports, protocol } from './ports.ts';
import { ready } from './ready.ts';
import { schedule } from './schedule.ts';
import { closed, duration, durationOrNever, oneOf, whole, yesOrNo } from './values.ts';

const environment = Type.Record(
  Type.String({ pattern: environmentNamePattern }),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
    errorMessage: 'expected text, a number, true or false',
  }),
  {
    title: 'environment',
    additionalProperties: false,
    errorMessage: 'expected a map of names and values',
    default: {},
    description:
      'Added to the environment that Drowse has itself. `${env.X}` is X from there (`${env.X:-default}` when it may be unset), `${PORT}` the assigned port.',
    examples: [{ DATA: '${env.HOME}/data', LISTEN: '127.0.0.1:${PORT}' }],
  },
);

const hold = Type.Object(
  {
    max: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1_000_000,
        default: builtInApp.hold.max,
        description: 'Connections and requests held at once; more are answered 503 or closed.',
      }),
    ),
    timeout: Type.Optional(
      duration({
        default: builtInApp.hold.timeout,
        description: 'How long each of them is held before it is answered 504 or closed.',
      }),
    ),
    waitingPage: Type.Optional(
      yesOrNo({
        default: builtInApp.hold.waitingPage,
        description:
          'Browser navigations get a page that wakes the app and refreshes itself, instead of being held.',
      }),
    ),
  },
  { ...closed, description: 'What waits while the app wakes, and for how long.' },
);

const stop = Type.Object(
  {
    signal: Type.Optional(
      oneOf(stopSignals, {
        default: builtInApp.stop.signal,
        description: 'Signal that asks the process to end.',
      }),
    ),
    grace: Type.Optional(
      duration({
        default: builtInApp.stop.grace,
        description: 'From this signal to SIGKILL for the whole process group.',
      }),
    ),
    drain: Type.Optional(
      duration({
        default: builtInApp.stop.drain,
        description:
          'How long requests in flight may go on when somebody asks for sleep. Idleness never cuts one off.',
      }),
    ),
  },
  { ...closed, description: 'How the process is ended.' },
);

/** What `defaults` may set for every app, too. */
const shared = {
  directory: Type.Optional(
    Type.String({
      minLength: 1,
      errorMessage: 'expected a directory',
      default: builtInApp.directory,
      description: 'Working directory, relative to this file; `~/` is your home.',
    }),
  ),
  env: Type.Optional(environment),
  protocol: Type.Optional(protocol),
  ready: Type.Optional(ready),
  startTimeout: Type.Optional(
    duration({
      default: builtInApp.startTimeout,
      description: 'How long a start may take, until `ready` holds.',
    }),
  ),
  sleepAfter: Type.Optional(
    durationOrNever({
      default: builtInApp.sleepAfter,
      description: 'Idle time after which the app goes to sleep, or `never`.',
    }),
  ),
  schedule: Type.Optional(schedule),
  minReplicas: Type.Optional(
    whole({
      minimum: 0,
      maximum: 100,
      default: builtInApp.minReplicas,
      description: 'Processes that stay up when the app is idle.',
    }),
  ),
  maxReplicas: Type.Optional(
    whole({
      minimum: 1,
      maximum: 100,
      default: builtInApp.maxReplicas,
      description: 'Processes at most; several share the load.',
    }),
  ),
  maxConcurrency: Type.Optional(
    whole({
      minimum: 1,
      maximum: 1_000_000,
      description:
        'Requests or connections in flight at one process; the rest waits its turn. Without it, no limit.',
    }),
  ),
  hold: Type.Optional(hold),
  stop: Type.Optional(stop),
  noWake: Type.Optional(noWake),
};

const dependsOn = Type.Array(Type.String({ minLength: 1, errorMessage: 'expected the name of an app' }), {
  maxItems: 1000,
  errorMessage: 'expected a list of app names',
  default: [],
  description: 'Apps that must serve before this one is started, and stay up while it is.',
  examples: [['database']],
});

export const appSchema = Type.Object(
  {
    command,
    port: Type.Optional(port),
    ports: Type.Optional(ports),
    ...shared,
    dependsOn: Type.Optional(dependsOn),
  },
  {
    ...closed,
    title: 'app',
    oneOf: [{ required: ['port'] }, { required: ['ports'] }],
    errorMessage: 'expected an app: a map with at least command and port',
  },
);

export const defaultsSchema = Type.Object(shared, {
  ...closed,
  title: 'defaults',
  description:
    'What every app starts from. Maps (`env`, `hold`, `stop`) are merged key by key, everything else is replaced.',
});

/** An app as it stands in the file, checked but not yet resolved. */
export type RawApp = Static<typeof appSchema>;
export type RawDefaults = Static<typeof defaultsSchema>;
