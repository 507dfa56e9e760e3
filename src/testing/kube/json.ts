import { isDeepStrictEqual } from 'node:util';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export const isEqual = (a: Json | undefined, b: Json | undefined): boolean => isDeepStrictEqual(a, b);

/** The object at a name, `{}` where there is none. */
export function objectAt(value: JsonObject, name: string): JsonObject {
  const inner = value[name];
  return isObject(inner) ? inner : {};
}

export function textAt(value: JsonObject, name: string): string | undefined {
  const inner = value[name];
  return typeof inner === 'string' ? inner : undefined;
}

export function textsAt(value: JsonObject, name: string): readonly string[] {
  const inner = value[name];
  return isList(inner) ? inner.filter((one) => typeof one === 'string') : [];
}

export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** With the names whose new value is `undefined` taken out. */
export function withFields(
  value: JsonObject,
  fields: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const all: readonly (readonly [string, Json | undefined])[] = Object.entries({ ...value, ...fields });
  return Object.fromEntries(all.filter((pair): pair is readonly [string, Json] => pair[1] !== undefined));
}

export function withMetadata(
  object: JsonObject,
  fields: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  return withFields(object, { metadata: withFields(objectAt(object, 'metadata'), fields) });
}

export const metadataOf = (object: JsonObject): JsonObject => objectAt(object, 'metadata');
