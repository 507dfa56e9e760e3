import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../real/programs.ts';
import { cached } from '../build/cached.ts';
import { copyInto } from './copy-into.ts';
import { packLayer, readLayer, type Layer } from './layer.ts';

/** The Node that runs this, which is the one that the scripts bring, and the system's libraries under the paths where it looks for them. */
export async function nodeLayer(): Promise<Layer> {
  const linked = await run(['ldd', process.execPath]);
  // ldd also prints where they were loaded to, which is never twice the same.
  const libraries = linked.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  const folder = await cached({
    name: `node-${process.version}`,
    inputs: [process.version, process.arch, ...libraries],
    async make(into) {
      await packLayer(path.join(into, 'node.tar'), (root) => fill(root, libraries));
    },
  });
  return readLayer(path.join(folder, 'node.tar'));
}

async function fill(root: string, libraries: readonly string[]): Promise<void> {
  await copyInto(root, process.execPath, '/bin/node');
  for (const library of libraries) await copyInto(root, library, library);
  await mkdir(path.join(root, 'tmp'));
  await chmod(path.join(root, 'tmp'), 0o1777);
}
