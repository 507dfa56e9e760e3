import { State } from './app.ts';
import { nullable, literals, Instant } from './parts.ts';
import { Type, type Static } from 'typebox';

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
