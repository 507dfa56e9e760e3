import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { exclusively } from '../exclusively.ts';
import { cacheFolder } from '../folders.ts';
import { say } from '../say.ts';

export interface Build {
  readonly name: string;
  /** Everything that the result depends on: versions, and the text of the sources. */
  readonly inputs: readonly string[];
  /** Puts the result into an empty folder. */
  readonly make: (into: string) => Promise<void>;
}

/**
 * The folder with the result of a build: from the cache, or made now. A result appears under its name only when it is whole, and two that want it
 * at once make it once.
 */
export async function cached({ name, inputs, make }: Build): Promise<string> {
  const folder = path.join(cacheFolder(), `${name}-${keyOf(inputs)}`);
  if (existsSync(folder)) return folder;
  return exclusively(`${folder}.lock`, `it builds ${name}`, async () => {
    if (!existsSync(folder)) await fill(folder, name, make);
    return folder;
  });
}

function keyOf(inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
}

async function fill(folder: string, name: string, make: Build['make']): Promise<void> {
  const began = performance.now();
  say(`building ${name}`);
  const partial = `${folder}.partial`;
  // Somebody who was killed may have left it; the lock says that nobody works on it now.
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await make(partial);
  await rename(partial, folder);
  say(`built ${name} in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
