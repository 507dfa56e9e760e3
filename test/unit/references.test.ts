import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { referenceFiles } from '../../tools/reference-files.ts';

const files = await referenceFiles();

for (const { path, content } of files) {
  test(`${path} is what its source says (npm run generate)`, async () => {
    assert.equal(await readFile(path, 'utf8'), content);
  });
}

test('there is something to compare', () => {
  assert.ok(files.length >= 4);
});
