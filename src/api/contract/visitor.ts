import { nullable, literals, Instant } from './parts.ts';
import { Type, type Static } from 'typebox';

export const Visitor = Type.Object(
  {
    client: Type.String({ description: 'Address and port' }),
    protocol: literals(['http', 'tcp'], {}),
    port: Type.String({ description: 'Name of the port of the app' }),
    method: nullable(Type.String()),
    path: nullable(Type.String()),
    userAgent: nullable(Type.String()),
    since: nullable(Instant),
  },
  { title: 'Visitor' },
);
export type Visitor = Static<typeof Visitor>;
