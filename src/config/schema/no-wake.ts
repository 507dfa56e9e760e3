import { Type } from 'typebox';
import { builtInApp } from '../built-in.ts';
import { closed, text, whole } from './values.ts';

const method = { pattern: '^[A-Za-z]+$', errorMessage: 'expected a method such as GET' };

const answer = Type.Object(
  {
    status: Type.Optional(
      whole({
        minimum: 200,
        maximum: 599,
        default: builtInApp.noWakeAnswer.status,
        description: 'Status of the answer while the app sleeps.',
      }),
    ),
    body: Type.Optional(
      Type.String({
        errorMessage: 'expected text',
        default: builtInApp.noWakeAnswer.body,
        description: 'Body of the answer.',
      }),
    ),
    contentType: Type.Optional(
      Type.String({
        pattern: '^[\\x20-\\x7e]+$',
        errorMessage: 'expected a media type such as text/plain',
        default: builtInApp.noWakeAnswer.contentType,
        description: 'Its `Content-Type`.',
      }),
    ),
  },
  { ...closed, description: 'What Drowse answers while the app is not awake.' },
);

const sources = Type.Union(
  [
    text({ description: 'One block.' }),
    Type.Array(text({ description: 'A block.' }), {
      minItems: 1,
      errorMessage: 'expected a list of address blocks',
    }),
  ],
  {
    errorMessage: 'expected an address block such as 10.0.0.0/8, or a list of them',
    description: 'Address blocks (CIDR) of the client, any of them.',
    examples: ['10.0.0.0/8', ['10.0.0.0/8', '192.168.1.7']],
  },
);

const rule = Type.Object(
  {
    path: Type.Optional(
      Type.String({
        pattern: '^(?:/\\S*|\\*)$',
        errorMessage: 'expected a path such as /health or /static/*',
        description: 'The path without its query, exactly; or its beginning, with a `*` at the end.',
        examples: ['/health', '/probes/*'],
      }),
    ),
    method: Type.Optional(Type.String({ ...method, description: 'One request method.', examples: ['GET'] })),
    methods: Type.Optional(
      Type.Array(Type.String(method), {
        minItems: 1,
        errorMessage: 'expected a list of methods',
        description: 'Several request methods, any of them.',
        examples: [['GET', 'HEAD']],
      }),
    ),
    userAgent: Type.Optional(
      text({
        description: 'Part of the `User-Agent` header; case does not matter.',
        examples: ['kube-probe'],
      }),
    ),
    source: Type.Optional(sources),
    answer: Type.Optional(answer),
  },
  closed,
);

export const noWake = Type.Array(rule, {
  maxItems: 1000,
  errorMessage: 'expected a list of rules',
  default: [],
  description:
    'Requests that neither wake the app nor keep it awake: probes, scrapes, bots. Each condition of a rule must hold. HTTP only.',
  examples: [
    [{ path: '/health', method: 'GET', answer: { status: 200, body: 'ok' } }],
    [{ userAgent: 'Googlebot' }, { source: '10.0.0.0/8', path: '/metrics' }],
  ],
});
