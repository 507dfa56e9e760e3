import { copyFile, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';

/** Copies a file to its place under the root of an image. */
export async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = path.join(root, to);
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(await realpath(from), target);
}
