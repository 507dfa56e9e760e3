import { isEqual, isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';

/** Paths of fields: each a JSON list of the steps of `managedFields` (`f:spec`, `k:{…}`, `v:…`). */
export type FieldSet = ReadonlySet<string>;

export type Steps = readonly string[];

export const pathOf = (steps: Steps): string => JSON.stringify(steps);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `pathOf`
export const stepsOf = (path: string): Steps => JSON.parse(path) as Steps;

/** What the walk meets. A place is a map or a keyed list that has parts: it can be owned besides them. */
type Node = { readonly leaf: Json } | { readonly place: 'map' | 'list' | 'element' };

type Meet = (steps: Steps, path: Steps, node: Node) => void;

/** Fields that the server alone writes, and those that say which object is meant. */
const unowned: FieldSet = new Set(['apiVersion', 'kind', 'metadata'].map((name) => pathOf([`f:${name}`])));

/** Metadata that clients write. */
export const ownedMetadata: readonly string[] = [
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'generateName',
];

function visit(kind: Kind, value: Json, path: Steps, steps: Steps, meet: Meet): void {
  const keys = isList(value) ? keysOfList(kind, path) : null;
  if (isObject(value) && Object.keys(value).length > 0) {
    meet(steps, path, { place: 'map' });
    for (const [name, child] of Object.entries(value))
      visit(kind, child, [...path, name], [...steps, `f:${name}`], meet);
  } else if (keys === null) meet(steps, path, { leaf: value });
  else {
    meet(steps, path, { place: 'list' });
    for (const element of elementsOf(value)) {
      const at = [...steps, identityOf(element, keys)];
      if (keys.length > 0) visit(kind, element, path, at, meet);
      meet(at, path, keys.length > 0 ? { place: 'element' } : { leaf: element });
    }
  }
}

function walk(kind: Kind, object: JsonObject, meet: Meet): void {
  const { metadata, apiVersion: _, kind: __, ...rest } = object;
  const owned = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([name]) => ownedMetadata.includes(name)))
    : {};
  visit(kind, { ...rest, metadata: owned }, [], [], meet);
}

/** What an applied configuration owns: plain values, lists that are replaced whole, empty maps, and the elements of keyed lists. */
export function fieldsOf(kind: Kind, object: JsonObject): FieldSet {
  const found = new Set<string>();
  walk(kind, object, (steps, _, node) => {
    if ('leaf' in node || node.place === 'element') found.add(pathOf(steps));
  });
  return found.difference(unowned);
}

/** With the places, which whoever makes a map or a list without apply owns, too. They have no value of their own, empty or not. */
function nodesOf(kind: Kind, object: JsonObject): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  walk(kind, object, (steps, path, node) => {
    if ('leaf' in node) found.set(pathOf(steps), isObject(node.leaf) ? null : node.leaf);
    else if (node.place !== 'map' || hasPlace(kind, path)) found.set(pathOf(steps), null);
  });
  for (const path of unowned) found.delete(path);
  found.delete(pathOf([]));
  return found;
}

/** The maps of built-in kinds are structures that are always there, but for those with free names. */
function hasPlace({ isCustom }: Kind, path: Steps): boolean {
  return isCustom || (path.length === 2 && ['labels', 'annotations'].includes(path[1] ?? ''));
}

export interface Difference {
  /** Added, or with another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

export function differenceOf(kind: Kind, before: JsonObject, after: JsonObject): Difference {
  const old = nodesOf(kind, before);
  const now = nodesOf(kind, after);
  return {
    changed: new Set(
      [...now].filter(([path, value]) => !isEqual(old.get(path), value)).map(([path]) => path),
    ),
    removed: new Set([...old.keys()].filter((path) => !now.has(path))),
  };
}
