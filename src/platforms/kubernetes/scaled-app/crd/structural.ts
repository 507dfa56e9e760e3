import type { TSchema } from 'typebox';

/** A structural schema of a CustomResourceDefinition: JSON Schema without what the API server does not take. */
export interface StructuralSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords that go as they are. */
const plain = new Set([
  'type',
  'format',
  'enum',
  'default',
  'description',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
]);

/** For documents alone. */
const left = new Set(['examples']);

interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly items?: TSchema;
}

/** Throws for a keyword that it does not know: to leave one out in silence would be to leave a rule out. */
export function structural(schema: TSchema): StructuralSchema {
  const { properties, required, items, ...rest }: Parts & StructuralSchema = { ...schema };
  return {
    ...keywords(rest),
    ...(required !== undefined && requirement(required, properties ?? {})),
    ...(items !== undefined && { items: structural(items) }),
    ...(properties !== undefined && { properties: eachStructural(properties) }),
  };
}

function keywords(rest: StructuralSchema): StructuralSchema {
  const kept = Object.entries(rest).filter(([keyword]) => !left.has(keyword));
  const unknown = kept.find(([keyword]) => !plain.has(keyword));
  if (unknown !== undefined) throw new Error(`a structural schema has no ${unknown[0]}`);
  return Object.fromEntries(kept);
}

/** What the server fills in is there in every answer, as the type says, and need not be written. */
function requirement(required: readonly string[], properties: NonNullable<Parts['properties']>) {
  const asked = required.filter((name) => !Object.hasOwn(properties[name] ?? {}, 'default'));
  return asked.length > 0 && { required: asked };
}

function eachStructural(properties: NonNullable<Parts['properties']>): StructuralSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, structural(schema)]));
}
