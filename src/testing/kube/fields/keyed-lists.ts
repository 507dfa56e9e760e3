import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';

/** Which fields make the identity of the elements of the list at this path; `null` for a list that is replaced whole. Indices and keys are no part of the path. */
export function keysOfList({ lists }: Kind, path: readonly string[]): readonly string[] | null {
  return lists[path.join('.')] ?? null;
}

/** What the server fills in before it compares. */
const defaults: JsonObject = { protocol: 'TCP' };

/** The identity of an element as `managedFields` writes it: `k:{"type":"Ready"}` or `v:"a"`. */
export function identityOf(element: Json, keys: readonly string[]): string {
  if (keys.length === 0) return `v:${JSON.stringify(element)}`;
  const record: JsonObject = isObject(element) ? element : {};
  const pairs = keys.map((key) => [key, record[key] ?? defaults[key] ?? null] as const);
  return `k:${JSON.stringify(Object.fromEntries(pairs))}`;
}

export function elementsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
