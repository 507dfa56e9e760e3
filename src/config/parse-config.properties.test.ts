import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Check } from 'typebox/value';
import { stringify } from 'yaml';
import { check } from './check/check.ts';
import { formatProblems } from './format-problems.ts';
import { parseConfig } from './parse-config.ts';
import { parseYaml } from './parse-yaml.ts';
import { configSchema } from './schema/config.ts';
import { schemaNode, type SchemaNode } from './schema/keywords.ts';
import { plainValue } from './tree.ts';

const environment = { variables: { HOME: '/home/ada' }, homeDirectory: '/home/ada' };

/** Every problem must lie inside the text, and be fit to show. */
function parseAndInspect(text: string): void {
  const result = parseConfig(text, { path: '/srv/drowse.yaml', environment });
  const lines = text.split('\n');
  const problems = result.ok ? result.config.warnings : result.problems;
  assert.ok(result.ok || problems.some(({ severity }) => severity === 'error'));
  for (const problem of problems) {
    const line = lines[problem.line - 1];
    assert.ok(line !== undefined, `line ${problem.line} of ${lines.length}`);
    assert.ok(problem.column >= 1 && problem.column <= line.length + 1, `column ${problem.column}: ${line}`);
  }
  // oxlint-disable-next-line no-control-regex -- that is the point
  assert.doesNotMatch(formatProblems(problems, { color: false }), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
}

const fragments = fc.constantFrom(
  'apps:',
  'a:',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\n    ',
  'command: x',
  'port: 80',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  ': ',
  '"',
  "'",
  '&a ',
  '*a',
  '!!x ',
  '|',
  '>',
  '#',
  '\t',
  '<<: *a',
  '?',
  '---\n',
  '%YAML 1.1\n',
  '\0',
  '\ufeff',
  '\r\n',
  '0x1',
  '.nan',
  '~',
  '__proto__: ',
  'defaults:',
  'settings:',
  'env: ',
  '${env.HOME}',
  '${env.X',
  'ready: ',
  'schedule: ',
  'noWake: ',
  'dependsOn: [a]',
  '👩‍💻',
);

void test('no text whatever makes the parser throw, and every problem has a place in it', () => {
  const soup = fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join(''));
  const text = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 }));
  fc.assert(fc.property(text, parseAndInspect), { numRuns: 3000 });
});

/** Values that fit the schema, or nearly: a value of the wrong kind, a key too many or too few now and then. */
function valueFor(schema: SchemaNode): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1.5,
    70_000,
    true,
    '',
    'x',
    'never',
    '15m',
    [],
    {},
    ['x'],
    { x: 1 },
  );
  return fc.oneof({ arbitrary: fitting(schema), weight: 30 }, { arbitrary: wrong, weight: 1 });
}

function fitting(schema: SchemaNode): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valueFor));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === 'object') return objectFor(schema);
  if (schema.type === 'array') return fc.array(valueFor(schema.items ?? {}), { maxLength: 3 });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'string') return textFor(schema);
  const { minimum = -5, maximum = 5 } = schema;
  return schema.type === 'integer'
    ? fc.integer({ min: minimum - 1, max: maximum + 1 })
    : fc.double({ noNaN: true });
}

function textFor(schema: SchemaNode): fc.Arbitrary<unknown> {
  const common = fc.constantFrom(
    'x',
    '15m',
    '90s',
    '8080',
    '80:90',
    '0.0.0.0:1',
    '/health',
    'a-b',
    'never',
    '10MiB',
    'GET',
  );
  return schema.pattern === undefined ? common : fc.oneof(common, fc.string({ maxLength: 8 }));
}

function objectFor(schema: SchemaNode): fc.Arbitrary<unknown> {
  const [keyed] = Object.values(schema.patternProperties ?? {});
  if (keyed !== undefined) {
    const name = fc.constantFrom('a', 'web', 'API_KEY', 'a b', '__proto__', 'constructor', '1');
    return fc
      .array(fc.tuple(name, valueFor(keyed)), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries));
  }
  const known = Object.entries(schema.properties ?? {});
  const shape = Object.fromEntries(
    known.map(([key, property]) => [key, fc.option(valueFor(property), { nil: undefined, freq: 2 })]),
  );
  const extra = fc.option(fc.constantFrom('zzz', 'toString', 'ttl'), { nil: undefined, freq: 20 });
  return fc.tuple(fc.record(shape), extra).map(([value, key]) => {
    const present = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(key === undefined ? present : [...present, [key, 1]]);
  });
}

void test('the checker accepts exactly what TypeBox accepts, so that nothing is dropped unsaid', () => {
  let accepted = 0;
  const schema = schemaNode(configSchema);
  const parts = [
    schema,
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.properties?.['apps']?.patternProperties ?? {}),
  ];
  const deep = parts.flatMap((part) => [part, ...Object.values(part.properties ?? {})]);
  const cases = fc.constantFrom(...deep).chain((part) => fc.tuple(fc.constant(part), valueFor(part)));
  fc.assert(
    fc.property(cases, ([part, value]) => {
      const tree = parseYaml(stringify(value), () => assert.fail('the YAML is good'));
      assert.ok(tree);
      assert.deepEqual(plainValue(tree), value);
      const messages: string[] = [];
      check(part, tree, [], ({ message }) => messages.push(message));
      const fits = Check(part, value);
      assert.equal(messages.length === 0, fits, messages.join('\n'));
      if (fits) accepted++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 500, `only ${accepted} of the values were good: the test says little`);
});

void test('whatever the schema accepts is resolved, or refused with a reason', () => {
  fc.assert(
    fc.property(fitting(schemaNode(configSchema)), (value) => parseAndInspect(stringify(value))),
    { numRuns: 500 },
  );
});
