import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { referenceFiles } from './reference-files.ts';

/** `npm run generate`: writes every generated reference from its one source. `test/unit/references.test.ts` fails when one drifts. */
for (const { path, content } of await referenceFiles()) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
