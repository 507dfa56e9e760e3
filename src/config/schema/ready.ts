import { Type } from 'typebox';
import { builtInApp } from '../built-in.ts';
import { command } from './command.ts';
import { closed, text, whole } from './values.ts';

const http = Type.Object(
  {
    http: Type.String({
      pattern: '^/\\S*$',
      errorMessage: 'expected a path such as /health',
      description: 'Path to GET on the main port.',
      examples: ['/health'],
    }),
    status: Type.Optional(
      whole({
        minimum: 100,
        maximum: 599,
        description: 'The status that means ready; without it any from 200 to 399.',
      }),
    ),
  },
  closed,
);

const log = Type.Object(
  {
    log: text({
      description: 'Ready when a line of output matches this regular expression.',
      examples: ['listening on'],
    }),
  },
  closed,
);

const check = Type.Object(
  {
    command: Type.Unsafe<string | string[]>({
      ...command,
      description: 'Ready when this command exits with 0.',
    }),
  },
  closed,
);

export const ready = Type.Union([Type.Enum(['tcp'], { errorMessage: 'expected tcp' }), http, log, check], {
  errorMessage: 'expected tcp, {http: /path}, {log: "pattern"} or {command: …}',
  default: builtInApp.ready,
  description:
    'How Drowse knows that the app serves: `tcp` (the main port accepts a connection), `{http: /health}`, `{log: "pattern"}` or `{command: …}`.',
  examples: ['tcp', { http: '/health' }, { http: '/v1/models', status: 200 }, { log: 'ready to accept' }],
});
