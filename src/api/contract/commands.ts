import { Type, type Static } from 'typebox';

const waitOptions = {
  wait: Type.Optional(
    Type.Boolean({ default: false, description: 'Answer only when the app is there, or cannot be' }),
  ),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000, description: 'How long to wait' })),
};
export const WakeBody = Type.Object(
  { replicas: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })), ...waitOptions },
  { title: 'WakeBody', additionalProperties: false },
);
export type WakeBody = Static<typeof WakeBody>;

export const SleepBody = Type.Object(waitOptions, { title: 'SleepBody', additionalProperties: false });
export type SleepBody = Static<typeof SleepBody>;

export const PinBody = Type.Object(
  {
    until: Type.Optional(Type.String({ description: 'ISO 8601 with a time zone' })),
    forMs: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 31_536_000_000, description: 'At most a year' }),
    ),
  },
  { title: 'PinBody', additionalProperties: false, description: 'Neither of them: without end' },
);
export type PinBody = Static<typeof PinBody>;

export const UnpinBody = Type.Object({}, { title: 'UnpinBody', additionalProperties: false });
