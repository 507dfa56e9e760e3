import { isObject, type Json, type JsonObject, metadataOf, objectAt } from './json.ts';
import type { Kind } from './kinds.ts';
import { badRequest } from './refusal.ts';

export type Selector = (object: JsonObject) => boolean;

const labelForms: readonly (readonly [
  RegExp,
  (found: readonly string[]) => (label: string | undefined) => boolean,
])[] = [
  [
    /^([\w./-]+)\s+in\s+\(([^)]*)\)$/u,
    ([, , values = '']) => {
      const wanted = listOf(values);
      return (label) => label !== undefined && wanted.has(label);
    },
  ],
  [
    /^([\w./-]+)\s+notin\s+\(([^)]*)\)$/u,
    ([, , values = '']) => {
      const unwanted = listOf(values);
      return (label) => label === undefined || !unwanted.has(label);
    },
  ],
  [
    /^([\w./-]+)\s*!=\s*([\w.-]*)$/u,
    ([, , value]) =>
      (label) =>
        label !== value,
  ],
  [
    /^([\w./-]+)\s*==?\s*([\w.-]*)$/u,
    ([, , value]) =>
      (label) =>
        label === value,
  ],
  [/^!\s*([\w./-]+)$/u, () => (label) => label === undefined],
  [/^([\w./-]+)$/u, () => (label) => label !== undefined],
];

const listOf = (text: string): ReadonlySet<string> => new Set(text.split(',').map((one) => one.trim()));

export function labelSelector(text: string): Selector {
  const requirements = text
    .split(/,(?![^(]*\))/u)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map(requirement);
  return (object) => {
    const labels = objectAt(metadataOf(object), 'labels');
    return requirements.every((holds) => holds(labels));
  };
}

function requirement(text: string): (labels: JsonObject) => boolean {
  for (const [form, test] of labelForms) {
    const found = form.exec(text);
    if (found === null) continue;
    const name = found[1] ?? '';
    const holds = test(found);
    return (labels) => holds(textOf(labels[name]));
  }
  throw badRequest(`unable to parse the label selector ${text}`);
}

export function fieldSelector(kind: Kind, text: string): Selector {
  const terms = text
    .split(',')
    .filter((one) => one !== '')
    .map((one) => term(kind, one));
  return (object) => terms.every((holds) => holds(object));
}

function term(kind: Kind, text: string): Selector {
  const found = /^([\w.]+)(==?|!=)(.*)$/u.exec(text);
  if (found === null) throw badRequest(`invalid field selector ${text}`);
  const [, path = '', operator, value = ''] = found;
  if (!['metadata.name', 'metadata.namespace', ...kind.selectable].includes(path))
    throw badRequest(`field label not supported: ${path}`);
  const isWanted = operator !== '!=';
  return (object) => (valueAt(object, path) === value) === isWanted;
}

/** An absent field is the empty text, as `spec.nodeName=` says. */
function valueAt(object: JsonObject, path: string): string {
  let value: Json | undefined = object;
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
