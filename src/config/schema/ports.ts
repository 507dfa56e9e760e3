import { Type } from 'typebox';
import { builtInApp, builtInSettings } from '../built-in.ts';
import { portNamePattern, protocols } from '../names.ts';
import { portFormPattern } from '../port-form.ts';
import { closed, oneOf, portNumber, text } from './values.ts';

const portForm = Type.String({
  title: 'port',
  pattern: portFormPattern,
  errorMessage: 'expected a port such as 8080, "8080:5432" or "0.0.0.0:8080:5432"',
});

const shortPort = { errorMessage: 'expected a port such as 8080, "8080:5432" or "0.0.0.0:8080:5432"' };

const portDescription =
  'Where people connect. `8080`; `"8080:5432"` when the process has a fixed port of its own; `"0.0.0.0:8080:5432"` to listen for other machines too. ' +
  'Without a fixed port the process gets a free one in `${PORT}`.';

export const port = Type.Union([portNumber, portForm], {
  ...shortPort,
  description: portDescription,
  examples: [8080, '8080:5432', '0.0.0.0:8080:5432'],
});

export const protocol = oneOf(protocols, {
  default: builtInApp.protocol,
  description:
    '`http`: requests are counted one by one. `tcp`: connections are. `auto`: told from the first bytes of each connection.',
});

const fullPort = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: portNamePattern,
        errorMessage: 'expected a name of small letters, digits and "-"',
        description: 'Its assigned port is in `${PORT_NAME}`; the first port is called `main` unless named.',
      }),
    ),
    listen: Type.Union([portNumber, portForm], {
      errorMessage: 'expected a port such as 8080 or "0.0.0.0:8080"',
      description: 'Where people connect: a port, or host and port.',
    }),
    target: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        errorMessage: 'expected a port number from 1 to 65535',
        description:
          'The fixed port that the process listens on; without it, it gets a free one in `${PORT}`.',
      }),
    ),
    protocol: Type.Optional(protocol),
  },
  { ...closed, description: 'A port with all that can be said of it.' },
);

export const ports = Type.Array(
  Type.Union([portNumber, portForm, fullPort], {
    errorMessage: 'expected a port such as 8080, "8080:5432" or {name, listen, target, protocol}',
  }),
  {
    minItems: 1,
    maxItems: 64,
    errorMessage: 'expected a list of ports',
    description:
      'Several ports, in place of `port`. The first is the main one: `${PORT}` and `ready` refer to it.',
    examples: [[8080, '9090:9090'], [{ name: 'web', listen: 8080, protocol: 'http' }]],
  },
);

export const listenHost = text({
  default: builtInSettings.listenHost,
  description: 'Address that ports without a host listen on. `0.0.0.0` lets other machines in.',
});
