import { App, Failure } from './app.ts';
import { literals } from './parts.ts';
import { Type, type Static } from 'typebox';

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
