import { isObject, type Json, type JsonObject } from '../json.ts';
import { type FieldSet, pathOf, type Steps, stepsOf } from './field-set.ts';

/** A set as `managedFields` shows it: `.` says that the set has the place itself, besides what is below it. */
export function treeOf(set: FieldSet): JsonObject {
  const root: Record<string, Json> = {};
  const paths = [...set].map(stepsOf).toSorted((a, b) => a.length - b.length);
  for (const steps of paths) {
    let place = root;
    for (const [depth, step] of steps.entries()) {
      if (depth > 0 && set.has(pathOf(steps.slice(0, depth)))) place['.'] = {};
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is put in above
      place = (place[step] ??= {}) as Record<string, Json>;
    }
  }
  return root;
}

export function setOf(tree: JsonObject, steps: Steps = []): FieldSet {
  const children = Object.entries(tree);
  if (children.length === 0) return new Set(steps.length === 0 ? [] : [pathOf(steps)]);
  return new Set(
    children.flatMap(([step, child]) =>
      step === '.' ? [pathOf(steps)] : [...setOf(isObject(child) ? child : {}, [...steps, step])],
    ),
  );
}
