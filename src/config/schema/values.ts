import { Type } from 'typebox';
import { byteSizePattern } from '../byte-size.ts';
import { durationPattern } from '../../core/notation/duration.ts';

/** Shapes that several keys share. Each says what is expected, for the error message. */

const durationMessage = 'expected a duration such as 500ms, 90s, 15m or 1h30m';

export function duration(options: { readonly default?: string; readonly description: string }) {
  return Type.String({
    title: 'duration',
    pattern: durationPattern,
    errorMessage: durationMessage,
    ...options,
  });
}

export function durationOrNever(options: { readonly default: string; readonly description: string }) {
  return Type.String({
    title: 'duration',
    pattern: `^never$|${durationPattern}`,
    errorMessage: `${durationMessage}, or never`,
    examples: ['90s', '15m', '1h30m', 'never'],
    ...options,
  });
}

export function byteSize(options: { readonly default: string; readonly description: string }) {
  return Type.String({
    title: 'size',
    pattern: byteSizePattern,
    errorMessage: 'expected a size such as 64KiB, 10MB or 1GiB',
    ...options,
  });
}

export function whole(options: {
  readonly minimum: number;
  readonly maximum: number;
  readonly default?: number;
  readonly description: string;
}) {
  const errorMessage = `expected a whole number from ${options.minimum} to ${options.maximum}`;
  return Type.Integer({ errorMessage, ...options });
}

export function yesOrNo(options: { readonly default: boolean; readonly description: string }) {
  return Type.Boolean({ errorMessage: 'expected true or false', ...options });
}

export function text(options: { readonly description: string; readonly [key: string]: unknown }) {
  return Type.String({ minLength: 1, errorMessage: 'expected text', ...options });
}

export function oneOf<const Values extends readonly string[]>(
  values: Values,
  options: { readonly description: string; readonly default?: Values[number] },
) {
  const schema = Type.Enum([...values], { errorMessage: `expected ${listed(values)}`, ...options });
  return Type.Unsafe<Values[number]>(schema);
}

/** `a`, `a or b`, `a, b or c` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A map with exactly these keys; how every block of the file is closed against unknown ones. */
export const closed = {
  additionalProperties: false,
  errorMessage: 'expected a map of keys and values',
} as const;

export const portNumber = Type.Integer({
  title: 'port',
  minimum: 1,
  maximum: 65_535,
  errorMessage: 'expected a port number from 1 to 65535',
});
