import { App, Failure, State } from './app.ts';
import { ColdStart } from './detail.ts';
import { nullable, literals, Instant } from './parts.ts';
import { Visitor } from './visitor.ts';
import { Type, type Static } from 'typebox';

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
    refusal: nullable(
      Type.Object(
        { because: Type.String(), until: nullable(Instant) },
        { description: 'Set while a request would be refused instead of waking the app' },
      ),
    ),
    wokenBy: nullable(WokenBy),
    sleptBecause: nullable(Type.String({ description: 'Why it went to sleep last; `null` while it is up' })),
    keptAwakeBy: Type.Array(Reason),
    attempts: Type.Integer({ minimum: 0, description: 'Failed starts and quick deaths in a row' }),
    dependsOn: Type.Array(Type.Object({ name: Type.String(), state: nullable(State) })),
    dependents: Type.Array(Type.String(), { description: 'Apps that need this one and are not asleep' }),
    waitsForEndOf: Type.Array(Type.String(), {
      description:
        'Apps that are no longer configured and end: until they have, they may have a port that this app is to listen on',
    }),
    lastUse: nullable(Visitor),
    held: Type.Array(Visitor),
    inFlight: Type.Array(Visitor),
    coldStart: nullable(ColdStart),
    lastFailure: nullable(
      Type.Object({
        at: nullable(Instant),
        failure: Failure,
        recoveredAt: Type.Union([Instant, Type.Null()], {
          description: 'When all that was asked for served next; `null`: not yet',
        }),
      }),
    ),
    hints: Type.Array(Type.String(), { description: 'What one can do' }),
  },
  { title: 'Why', description: 'Why the app is in the state that it is in' },
);
export type Why = Static<typeof Why>;
