import { Type, type Static } from 'typebox';
import { builtInSettings } from '../built-in.ts';
import { logLevels } from '../names.ts';
import { portFormPattern } from '../port-form.ts';
import { listenHost } from './ports.ts';
import { byteSize, closed, oneOf, portNumber, text, whole } from './values.ts';

const api = Type.Union(
  [
    portNumber,
    Type.String({
      title: 'port',
      pattern: portFormPattern,
      errorMessage: 'expected an address such as 127.0.0.1:7667',
    }),
  ],
  {
    errorMessage: 'expected a port or an address such as 127.0.0.1:7667',
    default: builtInSettings.api,
    description: 'Where the API listens that the command line talks to.',
  },
);

const limits = Type.Object(
  {
    held: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1_000_000,
        default: builtInSettings.limits.held,
        description: 'Connections and requests held at once, of all apps together.',
      }),
    ),
    connections: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1_000_000,
        default: builtInSettings.limits.connections,
        description: 'Open client connections of all apps together.',
      }),
    ),
  },
  { ...closed, description: 'Bounds over all apps.' },
);

const appLogs = Type.Object(
  {
    size: Type.Optional(
      byteSize({
        default: builtInSettings.appLogs.size,
        description: 'Size at which the file with the output of an app is put aside.',
      }),
    ),
    files: Type.Optional(
      whole({
        minimum: 1,
        maximum: 100,
        default: builtInSettings.appLogs.files,
        description: 'Files kept of each app, the current one included.',
      }),
    ),
  },
  { ...closed, description: 'What is kept of the output of each app.' },
);

export const settingsSchema = Type.Object(
  {
    api: Type.Optional(api),
    stateDirectory: Type.Optional(
      text({
        description:
          'Where Drowse keeps its state, relative to this file; by default `$DROWSE_STATE_ROOT`, `$XDG_STATE_HOME/drowse` or `~/.local/state/drowse`.',
        examples: ['~/.local/state/drowse'],
      }),
    ),
    listenHost: Type.Optional(listenHost),
    limits: Type.Optional(limits),
    appLogs: Type.Optional(appLogs),
    logLevel: Type.Optional(
      oneOf(logLevels, {
        description:
          'How much Drowse itself writes to its log; by default `info`, and `warn` with the live table.',
      }),
    ),
  },
  { ...closed, description: 'Drowse itself.' },
);

export type RawSettings = Static<typeof settingsSchema>;
