import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { OpenApiDocument } from '../../../src/api/openapi.ts';
import { ask, startApi, type Answer } from './harness.ts';

type Json = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, ...path: readonly string[]): Json {
  return path.reduce<Json>((at, key) => Object(at[key]), Object(value));
}

/** With every reference replaced by what it refers to. */
function inlined(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = objectAt(value);
  if (typeof $ref === 'string') return inlined(schemas[$ref.slice('#/components/schemas/'.length)], schemas);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inlined(child, schemas)]));
}

/** What the document says of an answer with this status; the classes `4XX` and `5XX` stand for all of theirs. */
function documented(document: OpenApiDocument, method: string, path: string, status: number): Json {
  const responses = objectAt(document.paths, path, method, 'responses');
  return objectAt(responses[String(status)] ?? responses[`${String(status)[0]}XX`]);
}

function assertDocumented(document: OpenApiDocument, method: string, path: string, answer: Answer): void {
  const what = `${method} ${path} → ${answer.status}`;
  const response = documented(document, method, path, answer.status);
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const content = objectAt(response, 'content');
  assert.ok(Object.hasOwn(content, type), `${what}: ${type} is not documented`);
  if (!type.endsWith('json')) return;
  const check = Compile(Object(inlined(objectAt(content, type, 'schema'), document.components.schemas)));
  assert.deepEqual([...check.Errors(JSON.parse(answer.body))], [], what);
}

const streams: ReadonlySet<string> = new Set(['/api/v1/events', '/api/v1/apps/{name}/logs']);

test('what is answered is what the document says: every route, when it works and when it does not', async (context) => {
  const { control, server, url } = await startApi(context);
  const document = await server.openApi();
  control.set('web', { phase: 'awake' });
  let asked = 0;
  for (const [path, item] of Object.entries(document.paths)) {
    if (streams.has(path)) continue;
    for (const method of Object.keys(objectAt(item))) {
      const send = async (name: string, authorization?: null) =>
        await ask(url, path.replace('{name}', name), {
          method: method.toUpperCase(),
          ...(authorization === undefined ? {} : { authorization }),
        });
      for (const answer of [await send('web'), await send('nobody'), await send('web', null)]) {
        assertDocumented(document, method, path, answer);
        asked += 1;
      }
    }
  }
  assert.ok(asked > 30, `${asked} answers`);
  const wrong = (body: string, type = 'application/json') => ({
    status: 200,
    headers: { 'content-type': type },
    body,
  });
  for (const answer of [wrong('{}'), wrong('{"now":1,"apps":[]}'), wrong('', 'text/html')])
    assert.throws(() => assertDocumented(document, 'get', '/api/v1/apps', answer), 'it would be noticed');
});
