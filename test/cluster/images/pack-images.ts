import path from 'node:path';
import type { Programs } from '../build/programs.ts';
import { packDrowse } from './drowse.ts';
import { appsImage, corednsImage, pauseImage } from './names.ts';
import { packProgram } from './program-image.ts';

/** Writes every image into the folder and returns their layouts, those first that pods wait for. */
export async function packImages({ apps, coredns }: Programs, folder: string): Promise<string[]> {
  const at = (name: string) => path.join(folder, name);
  await packProgram(pauseImage, apps, ['/apps', 'pause'], at('pause'));
  await packProgram(corednsImage, coredns, ['/coredns'], at('coredns'));
  await packProgram(appsImage, apps, ['/apps'], at('apps'));
  await packDrowse(at('drowse'));
  return ['pause', 'coredns', 'apps', 'drowse'].map((name) => path.join(at(name), 'layout'));
}
