import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { copyInto } from './copy-into.ts';
import { writeLayout } from './image.ts';
import { packLayer } from './layer.ts';

/** Writes an image that holds nothing but one static program. */
export async function packProgram(
  name: string,
  program: string,
  entrypoint: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const layer = await packLayer(path.join(folder, 'program.tar'), (root) =>
    copyInto(root, program, path.basename(program)),
  );
  await writeLayout({ name, layers: [layer], entrypoint }, path.join(folder, 'layout'));
}
