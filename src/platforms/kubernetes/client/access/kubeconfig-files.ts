import { dirname, resolve } from 'node:path';
import type { ReadText } from './cluster-access.ts';
import { type Entry, invalid, textOf } from './kubeconfig.ts';

/** `FIELD-data` in base64, or a file `FIELD`, read for each connection anew: certificates are rotated. */
export function pemOf(entry: Entry, field: string, read: ReadText): () => Promise<string | null> {
  const data = textOf(entry, `${field}-data`);
  if (data !== null) {
    const text = Buffer.from(data, 'base64').toString('utf8');
    if (!text.includes('-----BEGIN'))
      throw invalid(entry.file, `${field}-data of ${entry.name} is not PEM in base64`);
    return async () => text;
  }
  const path = pathOf(entry, field);
  return async () => (path === null ? null : read(path));
}

/** Relative paths begin where the kubeconfig is. */
export function pathOf(entry: Entry, field: string): string | null {
  const path = textOf(entry, field);
  return path === null ? null : resolve(dirname(entry.file), path);
}
