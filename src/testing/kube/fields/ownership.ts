import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { conflict, invalid } from '../refusal.ts';
import { differenceOf, type FieldSet, fieldsOf } from './field-set.ts';
import { isSameManager, type Manager, managersOf } from './managers.ts';
import { overlay } from './overlay.ts';
import { prune } from './prune.ts';

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
  const others = without(
    managers.filter((one) => one !== own),
    changed.union(removed),
  );
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
  const { changed: fields } = differenceOf(kind, {}, tracked);
  return { name: 'before-first-apply', operation: 'Update', subresource, fields, time };
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
  const claimed = others.reduce<FieldSet>((all, { fields }) => all.union(fields), wanted);
  const merged = asObject(overlay(kind, live, configuration));
  const object = prune(kind, merged, own?.fields ?? new Set(), claimed);
  const { changed, removed } = differenceOf(kind, live, object);
  if (!isForced) refuseConflicts(others, changed);
  const isSame = own !== undefined && isEqualSet(own.fields, wanted);
  const entry: Manager = { ...author, fields: wanted, time: isSame ? own.time : author.time };
  return {
    object: withoutEmptied(kind, object),
    managers: [...without(others, changed.union(removed)), entry],
  };
}

const without = (managers: readonly Manager[], lost: FieldSet): readonly Manager[] =>
  managers.map((one) => ({ ...one, fields: one.fields.difference(lost) }));

function refuseConflicts(others: readonly Manager[], changed: FieldSet): void {
  for (const { name, fields } of others) {
    const [first] = fields.intersection(changed);
    if (first !== undefined) throw conflict(`conflict with "${name}": ${first}`, 'FieldManagerConflict');
  }
}

/** Go reads the `null` of a map whose last field was applied no more as nothing; the schema of a custom resource refuses it, but in the metadata. */
function withoutEmptied(kind: Kind, object: JsonObject): JsonObject {
  if (!kind.isCustom) return asObject(withoutNull(object));
  const emptied = Object.entries(object).find(([name, value]) => name !== 'metadata' && hasNull(value));
  if (emptied !== undefined) throw invalid(`${emptied[0]}: Invalid value: "null"`);
  return object;
}

function hasNull(value: Json): boolean {
  if (!isObject(value)) return value === null;
  return Object.values(value).some(hasNull);
}

function withoutNull(value: Json): Json {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutNull(child)]));
}

const isEqualSet = (a: FieldSet, b: FieldSet): boolean => a.size === b.size && a.isSubsetOf(b);

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});
