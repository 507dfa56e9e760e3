import { isList, isObject, type Json, type JsonObject, without } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { conflict, NotModelled } from '../refusal.ts';
import { differenceOf, type FieldSet, fieldsOf } from './field-set.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';
import { isSameManager, type Manager, managersOf } from './managers.ts';

export type Author = Omit<Manager, 'fields'>;

/** Whoever writes without apply owns what they changed, and takes it from everybody else. */
export function ownersAfterUpdate(
  kind: Kind,
  before: JsonObject,
  after: JsonObject,
  author: Author,
): readonly Manager[] {
  const { changed, removed } = differenceOf(kind, before, after);
  const managers = managersOf(before);
  if (isUntracked(before)) return [];
  if (changed.size === 0 && removed.size === 0) return managers;
  const own = managers.find((one) => isSameManager(one, author));
  const others = managers
    .filter((one) => one !== own)
    .map((one) => ({ ...one, fields: one.fields.difference(changed).difference(removed) }));
  const fields = (own?.fields ?? new Set<string>()).difference(removed).union(changed);
  return [...others, { ...author, fields }];
}

/** Of an object that nobody owns anything of, nothing is tracked until it is applied. */
function isUntracked(object: JsonObject): boolean {
  return object['metadata'] !== undefined && managersOf(object).length === 0;
}

function beforeFirstApply(kind: Kind, live: JsonObject, { time, subresource }: Author): Manager {
  const { status = {}, ...main } = live;
  const tracked = subresource === 'status' ? { status } : kind.hasStatus ? main : live;
  return {
    name: 'before-first-apply',
    operation: 'Update',
    subresource,
    fields: fieldsOf(kind, tracked),
    time,
  };
}

export interface Applied {
  readonly object: JsonObject;
  readonly managers: readonly Manager[];
}

/** Server-side apply. What the author has applied before, does not name now, and nobody else owns, goes. */
export function applyConfiguration(
  kind: Kind,
  live: JsonObject,
  configuration: JsonObject,
  author: Author,
  isForced: boolean,
): Applied {
  const managers = isUntracked(live) ? [beforeFirstApply(kind, live, author)] : managersOf(live);
  const own = managers.find((one) => isSameManager(one, author));
  const others = managers.filter((one) => one !== own);
  const wanted = fieldsOf(kind, configuration);
  const merged = asObject(overlay(kind, live, configuration, []));
  const { changed } = differenceOf(kind, live, merged);
  if (!isForced) refuseConflicts(others, changed);
  const held = others.reduce<FieldSet>((all, { fields }) => all.union(fields.difference(changed)), wanted);
  const dropped = (own?.fields ?? new Set<string>()).difference(held);
  const object = asObject(prune(kind, merged, dropped, [], []));
  if (kind.isCustom && others.some(({ operation }) => operation === 'Update'))
    refuseEmptied(without(merged, 'metadata'), object);
  const lost = changed.union(differenceOf(kind, merged, object).removed);
  const isSame = own !== undefined && isEqualSet(own.fields, wanted);
  const entry: Manager = { ...author, fields: wanted, time: isSame ? own.time : author.time };
  return { object, managers: ownersAfterApply(managers, own, entry, lost) };
}

/** Who made a map without apply owns its place, too, which is not tracked here: the real server then leaves null behind, and the schema refuses it. */
function refuseEmptied(before: JsonObject, after: JsonObject): void {
  for (const [name, value] of Object.entries(before))
    if (isObject(value) && after[name] === undefined)
      throw new NotModelled(`an apply that leaves nothing of ${name} to those who made it without`);
}

function ownersAfterApply(
  managers: readonly Manager[],
  own: Manager | undefined,
  entry: Manager,
  lost: FieldSet,
): readonly Manager[] {
  const others = (one: Manager): Manager => ({ ...one, fields: one.fields.difference(lost) });
  const all = managers.map((one) => (one === own ? entry : others(one)));
  return own === undefined ? [...all, entry] : all;
}

function refuseConflicts(others: readonly Manager[], changed: FieldSet): void {
  for (const { name, fields } of others) {
    const [first] = fields.intersection(changed);
    if (first !== undefined) throw conflict(`conflict with "${name}": ${first}`, 'FieldManagerConflict');
  }
}

function overlay(kind: Kind, live: Json, wanted: Json, path: readonly string[]): Json {
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

/** Without the fields of the set, and without the maps and lists that this empties. `undefined` is never a value of JSON, so `null` stands for what goes. */
function prune(
  kind: Kind,
  value: Json,
  dropped: FieldSet,
  path: readonly string[],
  steps: readonly string[],
): Json {
  if (isObject(value)) return pruneFields(kind, value, dropped, path, steps);
  const keys = isList(value) ? keysOfList(kind, path) : null;
  if (keys === null) return value;
  return elementsOf(value).flatMap((element) => {
    const at = [...steps, identityOf(element, keys)];
    if (dropped.has(JSON.stringify(keys.length === 0 ? at : [...at, '.']))) return [];
    return [prune(kind, element, dropped, path, at)];
  });
}

function pruneFields(
  kind: Kind,
  value: JsonObject,
  dropped: FieldSet,
  path: readonly string[],
  steps: readonly string[],
): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, child] of Object.entries(value)) {
    const at = [...steps, `f:${name}`];
    if (dropped.has(JSON.stringify(at))) continue;
    const left = prune(kind, child, dropped, [...path, name], at);
    if (!isEmptied(child, left)) kept[name] = left;
  }
  return kept;
}

const size = (value: Json): number =>
  isList(value) ? value.length : isObject(value) ? Object.keys(value).length : 1;

const isEmptied = (before: Json, after: Json): boolean => size(before) > 0 && size(after) === 0;

const isEqualSet = (a: FieldSet, b: FieldSet): boolean => a.size === b.size && a.isSubsetOf(b);

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});
