import { Type } from 'typebox';
import { scaledAppDefaults } from '../defaults.ts';
import { matching, rules, text, whole } from './values.ts';

const { status, contentType } = scaledAppDefaults.noWakeAnswer;

const answer = Type.Object(
  {
    status: Type.Optional(
      whole({ minimum: 200, maximum: 599, description: `Status of the answer. Left out: ${status}.` }),
    ),
    body: Type.Optional(
      Type.String({ maxLength: 4096, description: 'Body of the answer. Left out: empty.' }),
    ),
    contentType: Type.Optional(
      matching('^[\\x20-\\x7e]+$', 'a media type such as text/plain', {
        maxLength: 200,
        description: `Its \`Content-Type\`. Left out: \`${contentType}\`.`,
      }),
    ),
  },
  { description: 'What Drowse answers while the app is not awake.' },
);

const block = Type.String({
  minLength: 1,
  maxLength: 49,
  description: 'An address block (CIDR).',
  examples: ['10.0.0.0/8'],
  ...rules({
    rule: 'isCIDR(self)',
    message:
      'expected an address block such as 10.0.0.0/8 or 2001:db8::/32; that of a single address ends in /32 or /128',
  }),
});

const rule = Type.Object(
  {
    path: Type.Optional(
      matching('^(/\\S*|\\*)$', 'a path such as /health or /static/*', {
        maxLength: 1024,
        description: 'The path without its query, exactly; or its beginning, with a `*` at the end.',
        examples: ['/health', '/probes/*'],
      }),
    ),
    methods: Type.Optional(
      Type.Array(
        matching('^[A-Za-z]+$', 'a method such as GET', { maxLength: 20, description: 'A request method.' }),
        {
          minItems: 1,
          maxItems: 16,
          'x-kubernetes-list-type': 'set',
          description: 'Request methods, any of them.',
        },
      ),
    ),
    userAgent: Type.Optional(
      text({ maxLength: 200, description: 'Part of the `User-Agent` header; case does not matter.' }),
    ),
    sources: Type.Optional(
      Type.Array(block, {
        minItems: 1,
        maxItems: 32,
        'x-kubernetes-list-type': 'set',
        description: 'Where the client is, any of them.',
      }),
    ),
    answer: Type.Optional(answer),
  },
  {
    description: 'Each condition that is given must hold.',
    ...rules({
      rule: 'has(self.path) || has(self.methods) || has(self.userAgent) || has(self.sources)',
      message:
        'a rule needs a condition: path, methods, userAgent or sources. Without one it would match every request, and nothing could wake the app',
    }),
  },
);

export const noWake = Type.Array(rule, {
  maxItems: 32,
  'x-kubernetes-list-type': 'atomic',
  description:
    'Requests that neither wake the app nor keep it awake: probes, scrapes, bots. HTTP only; of an app that is awake Drowse sees none.',
});
