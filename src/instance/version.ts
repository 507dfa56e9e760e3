import { readFile } from 'node:fs/promises';

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const known = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  return known ? String(parsed.version) : 'unknown';
}

/** Of the package that this file belongs to. */
export const packageVersion = await readVersion();
