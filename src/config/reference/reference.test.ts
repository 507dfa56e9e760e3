import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Check, type XSchema } from 'typebox/schema';
import { configSchema } from '../schema/config.ts';
import { schemaNode, type SchemaNode } from '../schema/keywords.ts';
import { configReferenceFiles, withReference } from './files.ts';
import { generateSchema } from './json-schema.ts';

void test('what is generated is what is checked in (npm run generate)', () => {
  for (const { path, content } of configReferenceFiles()) {
    assert.equal(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'), content, path);
  }
});

void test('the guide must have the marks', () => {
  assert.throws(() => withReference('# no marks', 'x'), /lacks the marks/);
});

/** The keywords that `check` understands, and those that only inform. */
const keywords = new Set([
  'type',
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'minProperties',
  'oneOf',
  'items',
  'minItems',
  'maxItems',
  'anyOf',
  'enum',
  'pattern',
  'minLength',
  'minimum',
  'maximum',
  'title',
  'description',
  'default',
  'examples',
  'errorMessage',
]);

function nodes(schema: SchemaNode): readonly SchemaNode[] {
  const inside = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  return [schema, ...inside.flatMap(nodes)];
}

const all = nodes(schemaNode(configSchema));

void test('the schema uses only keywords that the checker understands, and closes every map', () => {
  for (const node of all) {
    const unknown = Object.keys(node).filter((key) => !keywords.has(key));
    assert.deepEqual(unknown, []);
    if (node.type === 'object')
      assert.equal(node.additionalProperties, false, JSON.stringify(node).slice(0, 200));
  }
});

void test('every key is described, and every pattern says what it expects', () => {
  for (const node of all) {
    for (const [key, property] of Object.entries(node.properties ?? {})) {
      assert.ok(property.description !== undefined || key === 'apps', `${key} has no description`);
    }
    if (node.pattern !== undefined) assert.match(node.errorMessage ?? '', /^expected /, node.pattern);
  }
});

void test('examples and defaults fit their own schema', () => {
  let examples = 0;
  for (const node of all) {
    const values = [...(node.examples ?? []), ...(node.default === undefined ? [] : [node.default])];
    for (const value of values) {
      assert.ok(
        Check(node, value),
        `${JSON.stringify(value)} does not fit ${JSON.stringify(node).slice(0, 300)}`,
      );
      examples++;
    }
  }
  assert.ok(examples > 50);
});

void test('the generated file is a JSON Schema by itself', () => {
  const schema = JSON.parse(JSON.stringify(generateSchema())) as XSchema;
  const app = { command: 'node server.js', port: 8080 };
  assert.ok(Check(schema, { apps: { hello: app } }));
  assert.ok(!Check(schema, { apps: { hello: { ...app, ports: [1] } } }));
  assert.ok(!Check(schema, { apps: { hello: { ...app, zzz: 1 } } }));
  assert.ok(!Check(schema, { apps: { 'Not a name': app } }));
  assert.ok(!Check(schema, { apps: {} }));
});
