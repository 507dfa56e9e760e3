import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type { LoadResult } from './config.ts';
import type { Environment } from './environment.ts';
import { parseConfig } from './parse-config.ts';
import { readConfigFile } from './read-file.ts';

/** Reads and resolves a configuration. Never throws: what is wrong with the file or in it comes back as problems. `path` may be relative. */
export async function loadConfig(path: string, environment: Environment): Promise<LoadResult> {
  const absolute = resolve(path);
  const shownAs = displayPath(absolute);
  const read = await readConfigFile(absolute, shownAs);
  const hash = read.bytes === null ? null : createHash('sha256').update(read.bytes).digest('hex');
  if (!read.ok) return { ok: false, problems: [read.problem], hash };
  return { ...parseConfig(read.text, { path: absolute, shownAs, environment }), hash };
}

/** Relative where that is shorter to read, so that editors and terminals make it a link. */
function displayPath(absolute: string): string {
  const fromHere = relative('', absolute);
  return fromHere.startsWith('..') ? absolute : fromHere;
}
