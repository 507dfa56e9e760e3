import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { run } from '../../real/programs.ts';

/** A layer of a file system as an image names it: by what is in it. */
export interface Layer {
  readonly file: string;
  readonly digest: string;
  readonly size: number;
}

/** Packs what `fill` puts into an empty folder. Uncompressed: it is unpacked where it was made. */
export async function packLayer(file: string, fill: (root: string) => Promise<void>): Promise<Layer> {
  const root = `${file}.root`;
  await mkdir(root, { recursive: true });
  await fill(root);
  // The same files give the same bytes, whenever and by whomever they are packed.
  const stable = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run(['tar', '--create', ...stable, `--file=${file}`, `--directory=${root}`, '.']);
  await rm(root, { recursive: true });
  return readLayer(file);
}

export async function readLayer(file: string): Promise<Layer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { file, digest: hash.digest('hex'), size: (await stat(file)).size };
}
