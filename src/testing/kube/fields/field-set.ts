import { isEqual, isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';

/** Paths of fields: each a JSON list of the steps of `managedFields` (`f:spec`, `k:{…}`, `v:…`). The step `.` is an element's own place in its list. */
export type FieldSet = ReadonlySet<string>;

type Visit = (steps: readonly string[], value: Json) => void;

/** Fields that the server alone writes, and those that say which object is meant. */
const unowned: ReadonlySet<string> = new Set(
  ['apiVersion', 'kind', 'metadata'].map((name) => JSON.stringify([`f:${name}`])),
);
const ownedMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'generateName'];

/** Every leaf: plain values, lists that are replaced whole, empty maps, and the places of the elements of keyed lists. */
function visit(
  kind: Kind,
  value: Json,
  path: readonly string[],
  steps: readonly string[],
  leaf: Visit,
): void {
  const keys = isList(value) ? keysOfList(kind, path) : null;
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, child] of Object.entries(value))
      visit(kind, child, [...path, name], [...steps, `f:${name}`], leaf);
  } else if (keys !== null) {
    for (const element of elementsOf(value)) visitElement(kind, element, keys, path, steps, leaf);
  } else leaf(steps, value);
}

function visitElement(
  kind: Kind,
  element: Json,
  keys: readonly string[],
  path: readonly string[],
  steps: readonly string[],
  leaf: Visit,
): void {
  const at = [...steps, identityOf(element, keys)];
  leaf(keys.length === 0 ? at : [...at, '.'], null);
  if (keys.length > 0) visit(kind, element, path, at, leaf);
}

function leaves(kind: Kind, object: JsonObject): ReadonlyMap<string, Json> {
  const { metadata, apiVersion: _, kind: __, ...rest } = object;
  const owned = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([name]) => ownedMetadata.includes(name)))
    : {};
  const found = new Map<string, Json>();
  visit(kind, { ...rest, metadata: owned }, [], [], (steps, value) => {
    found.set(JSON.stringify(steps), value);
  });
  for (const path of unowned) found.delete(path);
  return found;
}

export function fieldsOf(kind: Kind, object: JsonObject): FieldSet {
  return new Set(leaves(kind, object).keys());
}

export interface Difference {
  /** Added, or with another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

export function differenceOf(kind: Kind, before: JsonObject, after: JsonObject): Difference {
  const old = leaves(kind, before);
  const now = leaves(kind, after);
  return {
    changed: new Set(
      [...now].filter(([path, value]) => !isEqual(old.get(path), value)).map(([path]) => path),
    ),
    removed: new Set([...old.keys()].filter((path) => !now.has(path))),
  };
}

/** As `managedFields` shows it. */
export function treeOf(set: FieldSet): JsonObject {
  const root: Record<string, Json> = {};
  for (const path of [...set].toSorted()) {
    let place = root;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this file
    for (const step of JSON.parse(path) as readonly string[])
      place = (place[step] ??= {}) as Record<string, Json>;
  }
  return root;
}

export function setOf(tree: JsonObject, steps: readonly string[] = []): FieldSet {
  const children = Object.entries(tree);
  if (children.length === 0) return new Set(steps.length === 0 ? [] : [JSON.stringify(steps)]);
  return new Set(
    children.flatMap(([step, child]) => [...setOf(isObject(child) ? child : {}, [...steps, step])]),
  );
}
