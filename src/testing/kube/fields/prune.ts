import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { type FieldSet, fieldsOf, pathOf, type Steps, stepsOf } from './field-set.ts';
import { elementsOf, identityOf, keysOfList } from './keyed-lists.ts';

/**
 * Takes out of what was merged what the manager had applied before (`last`) and nobody has a claim on now (`claimed`: the fields of all managers, and what is applied now). Whole maps are taken first, what others own in them is
 * given back, then what nobody ever owned: so a map goes when its last owned field does, unless somebody owns its place.
 */
export function prune(kind: Kind, merged: JsonObject, last: FieldSet, claimed: FieldSet): JsonObject {
  if (last.size === 0) return merged;
  const [all, before] = [withMaps(fieldsOf(kind, merged)), withMaps(last)];
  const bare = removed(kind, merged, before);
  const kept = withMaps(fieldsOf(kind, bare)).union(withMaps(claimed));
  const owned = removed(kind, merged, all.difference(kept));
  const gone = all.difference(withMaps(fieldsOf(kind, owned))).intersection(before);
  return removed(kind, merged, gone);
}

/** With the maps that the fields are in, but for the metadata: there is always a name in it. */
function withMaps(set: FieldSet): FieldSet {
  const maps = [...set].flatMap((path) => outerOf(stepsOf(path))).filter(isMap);
  return set.union(new Set(maps.map(pathOf)));
}

const isMap = (steps: Steps): boolean =>
  steps.at(-1)?.startsWith('f:') === true && !(steps.length === 1 && steps[0] === 'f:metadata');

const outerOf = (steps: Steps): readonly Steps[] => steps.map((_, depth) => steps.slice(0, depth)).slice(1);

const removed = (kind: Kind, object: JsonObject, gone: FieldSet): JsonObject =>
  asObject(new Removal(kind, gone).from(object, [], []));

class Removal {
  private readonly kind: Kind;
  private readonly gone: FieldSet;
  private readonly within: FieldSet;

  constructor(kind: Kind, gone: FieldSet) {
    this.kind = kind;
    this.gone = gone;
    this.within = new Set([...gone].flatMap((path) => outerOf(stepsOf(path))).map(pathOf));
  }

  /** A map or list that this empties becomes `null`, as with the real server: it is there still. */
  from(value: Json, path: Steps, steps: Steps): Json {
    if (steps.length > 0 && !this.within.has(pathOf(steps))) return value;
    if (isObject(value)) return this.fields(value, path, steps);
    const keys = isList(value) ? keysOfList(this.kind, path) : null;
    return keys === null ? value : this.elements(elementsOf(value), keys, path, steps);
  }

  private fields(value: JsonObject, path: Steps, steps: Steps): Json {
    const kept = Object.entries(value).flatMap(([name, child]) => {
      const at = [...steps, `f:${name}`];
      return this.gone.has(pathOf(at)) ? [] : [[name, this.from(child, [...path, name], at)] as const];
    });
    return kept.length === 0 ? null : Object.fromEntries(kept);
  }

  private elements(list: readonly Json[], keys: readonly string[], path: Steps, steps: Steps): Json {
    const kept = list.flatMap((element) => {
      const at = [...steps, identityOf(element, keys)];
      return this.gone.has(pathOf(at)) ? [] : [this.from(element, path, at)];
    });
    return kept.length === 0 ? null : kept;
  }
}

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});
