import type { TSchema } from 'typebox';

/** The part of JSON Schema that the configuration's schema is written in; a test holds it to these keywords. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: false;
  readonly required?: readonly string[];
  /** Only to say that exactly one of several keys is there. */
  readonly oneOf?: readonly { readonly required: readonly [string] }[];
  readonly minProperties?: number;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** `expected …`: shown by Drowse, and by editors whose YAML support knows this keyword, in place of a bare pattern. */
  readonly errorMessage?: string;
}

/** TypeBox types say what a value is; this says how its schema is written. */
export function schemaNode(schema: TSchema): SchemaNode {
  return schema;
}
