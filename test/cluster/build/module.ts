import { readFileSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sources } from '../folders.ts';
import { cached } from './cached.ts';
import type { Go } from './go.ts';

/** A program made of a module that somebody else publishes and a main of ours. */
export interface ModuleProgram {
  /** Also the name of the file, and of the folder of its main.go. */
  readonly name: string;
  /** The version that is built of it. */
  readonly version: string;
  /** The text of its go.mod, made when it is built. */
  readonly goMod: () => Promise<string>;
  readonly ldflags: string;
}

/** The path of the program, built before or now. */
export async function buildModule(go: Go, { name, version, goMod, ldflags }: ModuleProgram): Promise<string> {
  const main = path.join(sources, 'go', name, 'main.go');
  const recipe = readFileSync(path.join(import.meta.dirname, `${name}.ts`), 'utf8');
  const folder = await cached({
    name: `${name}-${version}`,
    inputs: [go.version, version, ldflags, readFileSync(main, 'utf8'), recipe],
    async make(into) {
      await copyFile(main, path.join(into, 'main.go'));
      await writeFile(path.join(into, 'go.mod'), await goMod());
      await go.run(['build', '-C', into, '-trimpath', '-ldflags', ldflags, '-o', name, '.']);
      await rm(path.join(into, 'main.go'));
    },
  });
  return path.join(folder, name);
}
