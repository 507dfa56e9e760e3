import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../real/programs.ts';
import { checkout } from '../folders.ts';
import { copyInto } from './copy-into.ts';
import { writeLayout } from './image.ts';
import { packLayer } from './layer.ts';
import { drowseImage } from './names.ts';
import { nodeLayer } from './node-layer.ts';

/** Where Drowse lies in its image. */
const home = 'drowse';
/** Any but root: a number that the image has no name for. */
const user = '65532';

/** Writes Drowse of this checkout as an image: Node, the packages of production, and the compiled source. */
export async function packDrowse(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const packages = await packLayer(path.join(folder, 'packages.tar'), copyPackages);
  const dist = await packLayer(path.join(folder, 'dist.tar'), compile);
  const layers = [await nodeLayer(), packages, dist];
  const entrypoint = ['/bin/node', `/${home}/dist/bin.js`];
  await writeLayout({ name: drowseImage, layers, entrypoint, user }, path.join(folder, 'layout'));
}

/** Those that the lock file names for production, as they are installed. */
async function copyPackages(root: string): Promise<void> {
  const list = ['npm', 'ls', '--omit=dev', '--all', '--parseable', '--workspaces=false'];
  const listed = await run([...list, `--prefix=${checkout}`]);
  for (const folder of listed.split('\n').map((line) => path.relative(checkout, line))) {
    // What lies within another package is copied with it.
    if (!folder.startsWith('node_modules/') || folder.includes('/node_modules/')) continue;
    await cp(path.join(checkout, folder), path.join(root, home, folder), { recursive: true });
  }
}

/** Into a folder of its own: another test may be reading the checkout's `dist`. */
async function compile(root: string): Promise<void> {
  const tsc = path.join(checkout, 'node_modules/.bin/tsc');
  const config = path.join(checkout, 'tsconfig.build.json');
  await run([tsc, '-p', config, '--outDir', path.join(root, home, 'dist')]);
  await copyInto(root, path.join(checkout, 'package.json'), `${home}/package.json`);
}
