import { Type, type TSchema } from 'typebox';

/** What is not known is `null`, never 0. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** One of these words. */
export const literals = <const T extends readonly string[]>(
  values: T,
  options: { title?: string; description?: string },
) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

export const Instant = Type.String({
  description: 'ISO 8601, UTC, with milliseconds',
  examples: ['2026-01-31T08:00:00.000Z'],
});
export const Count = Type.Integer({ minimum: 0 });
export const DurationMs = Type.Number({ minimum: 0, description: 'Milliseconds' });
