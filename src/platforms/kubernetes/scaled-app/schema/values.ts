import { Type } from 'typebox';
import { durationOrEmptyPattern } from '../../../../core/notation/duration.ts';

/**
 * Shapes that several fields share. What they ask for is said in CEL, not as bare `pattern`s, so that whoever writes something else reads what was expected. Everything
 * has a greatest length: the API server wants to know what a rule may cost.
 */

/** A rule of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  /** The field that is wrong, from where the rule stands. */
  readonly fieldPath?: string;
}

export function rules(...list: readonly CelRule[]): {
  readonly 'x-kubernetes-validations': readonly CelRule[];
} {
  return { 'x-kubernetes-validations': list };
}

interface Described {
  readonly description: string;
  readonly examples?: readonly unknown[];
}

/** Text that matches the expression (RE2). */
export function matching(pattern: string, expected: string, options: Described & { maxLength: number }) {
  const fits = { rule: `self.matches(${literal(pattern)})`, message: `expected ${expected}` };
  return Type.String({ minLength: 1, ...options, ...rules(fits) });
}

/** As it is written in CEL. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

export function text(options: Described & { readonly maxLength: number; readonly default?: string }) {
  return Type.String({ minLength: 1, ...options });
}

export function whole(options: Described & { readonly minimum: number; readonly maximum: number }) {
  return Type.Integer({ format: 'int32', ...options });
}

export function oneOf<const Values extends readonly string[]>(values: Values, options: Described) {
  return Type.Unsafe<Values[number]>(Type.String({ enum: [...values], ...options }));
}

const durationExample = 'a duration such as 90s, 15m or 1h30m';
const longestDuration = 40;
const noTimeAtAll = '^(0+(\\.0+)?(d|h|m|s|ms))+$';
const isDuration = `self.matches(${literal(durationOrEmptyPattern)})`;
const isSomeTime = `!self.matches(${literal(noTimeAtAll)})`;

/** `90s`, `1h30m`. */
export function duration(options: Described) {
  return Type.String({
    minLength: 1,
    maxLength: longestDuration,
    ...options,
    ...rules({ rule: isDuration, message: `expected ${durationExample}` }),
  });
}

/** The same, and more than none. */
export function someTime(options: Described) {
  return Type.String({
    minLength: 1,
    maxLength: longestDuration,
    ...options,
    ...rules(
      { rule: isDuration, message: `expected ${durationExample}` },
      { rule: isSomeTime, message: 'expected more than no time at all' },
    ),
  });
}

/** The same, or `never`. */
export function someTimeOrNever(options: Described) {
  return Type.String({
    minLength: 1,
    maxLength: longestDuration,
    ...options,
    ...rules(
      { rule: `self == 'never' || ${isDuration}`, message: `expected ${durationExample}, or never` },
      {
        rule: isSomeTime,
        message: 'no time at all could mean at once or never: write never, or a short time such as 1s',
      },
    ),
  });
}

/** The name of an object in the same namespace. */
export function objectName(options: Described) {
  const pattern = '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$';
  return matching(pattern, 'the name of an object in the same namespace, without its namespace', {
    maxLength: 253,
    ...options,
  });
}
