import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apiReferenceFiles } from '../../../src/api/reference.ts';
import { cliReferenceFiles } from '../../../src/cli/reference.ts';
import { metricsReferenceFiles } from '../../../src/monitoring/exporter-reference.ts';
import { startApi } from './harness.ts';

const root = new URL('../../../', import.meta.url);

function packageVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('package.json', root), 'utf8'),
  );
  return manifest.version;
}

test('the generated references are up to date (npm run generate)', async () => {
  const files = [
    ...(await apiReferenceFiles(packageVersion())),
    ...cliReferenceFiles(),
    ...metricsReferenceFiles(),
  ];
  assert.equal(files.length, 3);
  for (const { path, content } of files) {
    assert.equal(readFileSync(new URL(path, root), 'utf8'), content, `${path} is out of date`);
  }
});

test('the OpenAPI document is sound: every reference resolves, every operation has a name and an answer', async (context) => {
  const { client, server, url } = await startApi(context);
  const document = await server.openApi();
  assert.equal(document.openapi, '3.1.0');
  const names = new Set(Object.keys(document.components.schemas));
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference ?? '',
  );
  assert.ok(references.length > 20);
  for (const reference of references) {
    assert.ok(reference.startsWith('#/components/schemas/') && names.has(reference.slice(21)), reference);
  }
  const used = new Set(references.map((reference) => reference.slice(21)));
  assert.deepEqual(
    [...names].filter((name) => !used.has(name)),
    [],
  );
  const identifiers = new Set<unknown>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(Object(item))) {
      const { operationId, summary, responses, parameters = [] } = Object(operation);
      assert.ok(typeof operationId === 'string' && !identifiers.has(operationId), `${method} ${path}`);
      identifiers.add(operationId);
      assert.ok(typeof summary === 'string' && summary !== '');
      assert.ok(Object.keys(Object(responses)).some((status) => status.startsWith('2')));
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = Array.from(Object(parameters), Object)
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      assert.deepEqual(declared, inPath);
      assert.notEqual(Object(Object(operation).requestBody).required, true, 'no command needs a body');
    }
  }
  const served = await fetch(`${url}/api/v1/openapi.json`, {
    headers: { authorization: 'Bearer the-token-of-this-test' },
  });
  assert.deepEqual(await served.json(), document);
  assert.ok(client);
});
