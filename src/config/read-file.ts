import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileProblem, type Problem } from './problem.ts';

/** A hand-written file of this size has a thousand apps; anything larger is the wrong file. */
const largestConfigBytes = 1024 * 1024;

export type FileRead =
  | { readonly ok: true; readonly text: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: Problem; readonly bytes: Uint8Array | null };

/** Reads a configuration file whole, but never more than a mebibyte. Never throws. `shownAs` is how problems name it. */
export async function readConfigFile(path: string, shownAs: string): Promise<FileRead> {
  const refuse = (message: string, hint: string | null, bytes: Uint8Array | null = null): FileRead => ({
    ok: false,
    problem: fileProblem(shownAs, message, hint),
    bytes,
  });
  try {
    const bytes = await readBounded(path);
    if (bytes === null) return refuse('is not a file', 'name a YAML file: drowse up -f drowse.yaml');
    if (bytes.length > largestConfigBytes)
      return refuse('is larger than 1 MiB: this cannot be a configuration', null);
    const text = decode(bytes);
    return text === null ? refuse('is not UTF-8 text', 'save it as UTF-8', bytes) : { ok: true, text, bytes };
  } catch (error) {
    return refuse(...describe(error));
  }
}

/** At most one byte more than is allowed; `null` for what is no regular file (opening without blocking, as a pipe would). */
async function readBounded(path: string): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return null;
    const buffer = new Uint8Array(largestConfigBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.slice(0, length);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function describe(error: unknown): readonly [string, string | null] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return ['there is no such file', 'name it: drowse up -f drowse.yaml'];
  if (code === 'EACCES' || code === 'EPERM') return ['may not be read by this user', null];
  return [`cannot be read (${code})`, null];
}
