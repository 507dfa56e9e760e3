import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { NotModelled } from '../refusal.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';

/** A merge patch in which lists with a key are merged by it; `$patch: delete` removes an element. */
export function strategicMerge(kind: Kind, target: Json, patch: Json, path: readonly string[] = []): Json {
  if (isList(patch)) return mergeLists(kind, target, patch, path);
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$') && name !== '$patch') throw new NotModelled(`the directive ${name}`);
    if (value === null) delete merged[name];
    else merged[name] = strategicMerge(kind, merged[name] ?? null, value, [...path, name]);
  }
  return merged satisfies JsonObject;
}

function mergeLists(kind: Kind, target: Json, patch: readonly Json[], path: readonly string[]): Json {
  const keys = keysOfList(kind, path);
  if (keys === null) return patch;
  // The merge key of a strategic patch is a single field, even where apply knows several.
  const single = keys.slice(0, 1);
  const merged = new Map(elementsOf(target).map((element) => [identityOf(element, single), element]));
  for (const element of patch) {
    const identity = identityOf(element, single);
    if (isObject(element) && element['$patch'] === 'delete') merged.delete(identity);
    else merged.set(identity, strategicMerge(kind, merged.get(identity) ?? null, element, path));
  }
  return [...merged.values()];
}
