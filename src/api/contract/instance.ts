import { nullable, literals, Instant } from './parts.ts';
import { Type, type Static } from 'typebox';

export const Finding = Type.Object(
  {
    level: literals(['ok', 'warning', 'error'], {}),
    check: Type.String({ description: 'Stable name of what was checked' }),
    app: nullable(Type.String()),
    message: Type.String(),
    cure: nullable(Type.String()),
  },
  { title: 'Finding' },
);
export type Finding = Static<typeof Finding>;

export const Doctor = Type.Object({ findings: Type.Array(Finding) }, { title: 'Doctor' });
export type Doctor = Static<typeof Doctor>;

export const Version = Type.Object(
  {
    version: Type.String(),
    node: Type.String(),
    instance: Type.String({ description: 'Differs between any two starts of Drowse' }),
    startedAt: Instant,
    configPath: nullable(Type.String()),
    pid: Type.Integer(),
  },
  { title: 'Version' },
);
export type Version = Static<typeof Version>;
