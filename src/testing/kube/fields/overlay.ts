import { isList, isObject, type Json } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';

/** What is wanted, laid over what is there. */
export function overlay(kind: Kind, live: Json, wanted: Json, path: readonly string[] = []): Json {
  if (isObject(wanted)) {
    const merged: Record<string, Json> = isObject(live) ? { ...live } : {};
    for (const [name, value] of Object.entries(wanted))
      merged[name] = overlay(kind, merged[name] ?? null, value, [...path, name]);
    return merged;
  }
  const keys = isList(wanted) ? keysOfList(kind, path) : null;
  if (keys === null) return wanted;
  const byIdentity = (list: Json): ReadonlyMap<string, Json> =>
    new Map(elementsOf(list).map((element) => [identityOf(element, keys), element]));
  const [old, named] = [byIdentity(live), byIdentity(wanted)];
  return mergedOrder([...old.keys()], [...named.keys()]).map((identity) => {
    const [before = null, after] = [old.get(identity), named.get(identity)];
    return after === undefined ? before : overlay(kind, before, after, path);
  });
}

/** The order of what is applied holds; what only the live list has stays where it was among them. */
function mergedOrder(live: readonly string[], applied: readonly string[]): readonly string[] {
  const left = [...applied];
  const merged: string[] = [];
  for (const identity of live) {
    if (!applied.includes(identity)) merged.push(identity);
    else if (left.find((one) => live.includes(one)) === identity)
      merged.push(...left.splice(0, left.indexOf(identity) + 1));
  }
  return [...merged, ...left];
}
