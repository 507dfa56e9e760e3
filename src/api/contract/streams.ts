import { App } from './app.ts';
import { literals, Instant } from './parts.ts';
import { Type, type Static } from 'typebox';

export const LogLine = Type.Object(
  {
    at: Instant,
    replica: Type.String(),
    stream: literals(['stdout', 'stderr', 'drowse'], {}),
    text: Type.String(),
  },
  { title: 'LogLine', description: 'One line of newline-delimited JSON' },
);
export type LogLine = Static<typeof LogLine>;

/** What `GET events` sends. `reset`: events were missed, fetch the list again. */
export const StreamEvent = Type.Union(
  [
    Type.Object({ type: Type.Literal('app'), at: Instant, app: App }),
    Type.Object({ type: Type.Literal('removed'), at: Instant, name: Type.String() }),
    Type.Object({ type: Type.Literal('reset'), at: Instant }),
  ],
  { title: 'StreamEvent' },
);
export type StreamEvent = Static<typeof StreamEvent>;
