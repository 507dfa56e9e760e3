import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { scaledAppDefinition } from './definition.ts';
import { structural, type StructuralSchema } from './structural.ts';

void test('a rule that a structural schema cannot hold is not left out in silence', () => {
  assert.throws(() => structural(Type.String({ pattern: '^a$' })), /has no pattern/);
  assert.throws(() => structural(Type.Object({ a: Type.Union([Type.Null(), Type.String()]) })), /anyOf/);
});

void test('what the server fills in need not be written', () => {
  const schema = Type.Object({ a: Type.String({ default: 'x' }), b: Type.String() });
  assert.deepEqual(structural(schema)['required'], ['b']);
  assert.equal(structural(Type.Object({ a: Type.String({ default: 'x' }) }))['required'], undefined);
});

interface Place {
  readonly path: string;
  readonly schema: StructuralSchema;
}

function places(schema: StructuralSchema, path = ''): readonly Place[] {
  const { properties = {}, items } = schema as {
    properties?: Record<string, StructuralSchema>;
    items?: StructuralSchema;
  };
  return [
    { path, schema },
    ...Object.entries(properties).flatMap(([name, inner]) => places(inner, `${path}.${name}`)),
    ...(items === undefined ? [] : places(items, `${path}[]`)),
  ];
}

const [version] = scaledAppDefinition.spec.versions;
const all = places(version?.schema.openAPIV3Schema ?? {});

void test('everything is described, and nothing can be of any length', () => {
  assert.ok(all.length > 60);
  for (const { path, schema } of all) {
    assert.equal(typeof schema['description'], 'string', `${path} has no description`);
    const isText =
      schema['type'] === 'string' && schema['enum'] === undefined && schema['format'] === undefined;
    if (isText) assert.equal(typeof schema['maxLength'], 'number', `${path} has no maxLength`);
    if (schema['type'] === 'array') {
      assert.equal(typeof schema['maxItems'], 'number', `${path} has no maxItems`);
      assert.equal(typeof schema['x-kubernetes-list-type'], 'string', `${path} has no list type`);
    }
  }
});

void test('each rule says what is wrong', () => {
  const rules = all.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? []) as {
    message?: string;
  }[];
  assert.ok(rules.length > 20);
  for (const rule of rules) assert.ok((rule.message ?? '').length > 10, JSON.stringify(rule));
});
