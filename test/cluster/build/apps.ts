import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sources } from '../folders.ts';
import { cached } from './cached.ts';
import type { Go } from './go.ts';

/** The test apps: one static program, which also asks things from within a network namespace. */
export async function buildApps(go: Go): Promise<string> {
  const module = path.join(sources, 'go/apps');
  const files = readdirSync(module).toSorted();
  const folder = await cached({
    name: 'apps',
    inputs: [go.version, ...files.map((file) => readFileSync(path.join(module, file), 'utf8'))],
    async make(into) {
      const out = path.join(into, 'apps');
      await go.run(['build', '-C', module, '-trimpath', '-ldflags', '-s -w', '-o', out, '.']);
    },
  });
  return path.join(folder, 'apps');
}
