import { nearest } from '../../core/notation/nearest.ts';
import type { Report } from '../problem.ts';
import type { SchemaNode } from '../schema/keywords.ts';
import type { Span } from '../source-text.ts';
import { formatPath, type MapNode, type Path } from '../tree.ts';
import type { Check } from './expectation.ts';
import { foreignName } from './foreign-names.ts';
import { quoted } from './found.ts';

/** Reports unknown, missing and excluding keys, and checks each value. */
export function checkMap(schema: SchemaNode, map: MapNode, path: Path, report: Report, check: Check): void {
  const meant = new Set<string>();
  for (const [key, { keySpan, value }] of map.entries) {
    const valueSchema = schemaOfKey(schema, key);
    if (valueSchema !== null) {
      check(valueSchema, value, [...path, key], report);
      continue;
    }
    const unknown = unknownKey(schema, key, path);
    if (unknown.meant !== null) meant.add(unknown.meant);
    report({ span: keySpan, message: unknown.message, hint: unknown.hint });
  }
  reportMissing(schema, map, path, meant, report);
}

function schemaOfKey(schema: SchemaNode, key: string): SchemaNode | null {
  const { properties = {}, patternProperties = {} } = schema;
  if (Object.hasOwn(properties, key)) return properties[key] ?? null;
  const pattern = Object.keys(patternProperties).find((pattern) => new RegExp(pattern, 'u').test(key));
  return pattern === undefined ? null : (patternProperties[pattern] ?? null);
}

interface UnknownKey {
  readonly message: string;
  readonly hint: string | null;
  /** The known key that was meant: it is not reported missing as well. */
  readonly meant: string | null;
}

function unknownKey(schema: SchemaNode, key: string, path: Path): UnknownKey {
  const where = path.length === 0 ? '' : ` in ${formatPath(path)}`;
  const name = badName(schema, key);
  if (name !== null) return { ...name, meant: null };
  const message = `unknown key ${quoted(key)}${where}`;
  const known = Object.keys(schema.properties ?? {});
  const foreign = foreignName(schema.title, key);
  if (foreign !== null && (foreign.instead === null || known.includes(foreign.instead))) {
    return { message, hint: foreign.hint, meant: foreign.instead };
  }
  const close = nearest(key, known);
  if (close !== null) return { message, hint: `did you mean "${close}"?`, meant: close };
  return { message, hint: `known keys: ${known.join(', ')}`, meant: null };
}

/** Maps whose keys are chosen by the user have rules for names in place of known keys. */
function badName(
  schema: SchemaNode,
  key: string,
): { readonly message: string; readonly hint: string | null } | null {
  if (schema.title === 'apps') {
    const better = suggestAppName(key);
    return {
      message: `${quoted(key)} cannot be the name of an app: expected small letters, digits and "-", at most 63`,
      hint: better === '' ? null : `for example: ${better}`,
    };
  }
  if (schema.title !== 'environment') return null;
  const message = `${quoted(key)} cannot be the name of an environment variable: expected letters, digits and "_"`;
  return { message, hint: key === '<<' ? (foreignName(undefined, key)?.hint ?? null) : null };
}

function suggestAppName(key: string): string {
  return key
    .slice(0, 63)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function reportMissing(
  schema: SchemaNode,
  map: MapNode,
  path: Path,
  meant: ReadonlySet<string>,
  report: Report,
): void {
  const span = map.label;
  const has = (key: string): boolean => map.entries.has(key) || meant.has(key);
  const where = path.length === 0 ? 'the file' : formatPath(path);
  for (const key of schema.required ?? []) {
    if (!has(key)) report({ span, message: `${where} needs "${key}"`, hint: exampleOf(schema, key) });
  }
  if (schema.oneOf !== undefined) reportAlternatives(schema, map, { span, where, has }, report);
  if (map.entries.size < (schema.minProperties ?? 0)) {
    report({
      span: map.label,
      message: `${where}: ${schema.errorMessage ?? 'expected a map'}, found an empty one`,
    });
  }
}

interface Surroundings {
  readonly span: Span;
  readonly where: string;
  readonly has: (key: string) => boolean;
}

function reportAlternatives(schema: SchemaNode, map: MapNode, around: Surroundings, report: Report): void {
  const keys = (schema.oneOf ?? []).map(({ required: [key] }) => key);
  const [main = ''] = keys;
  const present = keys.filter((key) => map.entries.has(key));
  if (!keys.some(around.has)) {
    report({ span: around.span, message: `${around.where} needs "${main}"`, hint: exampleOf(schema, main) });
  }
  if (present.length < 2) return;
  const message = `${around.where} has ${present.map((key) => `"${key}"`).join(' and ')}: only one of them may be there`;
  report({ span: map.entries.get(present[1] ?? '')?.keySpan ?? around.span, message });
}

function exampleOf(schema: SchemaNode, key: string): string | null {
  const example = schema.properties?.[key]?.examples?.[0];
  return example === undefined
    ? null
    : `for example: ${key}: ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}
