import { registerHooks } from 'node:module';
import { plantedBugs } from './planted.ts';
import { plantedVariable } from './variable.ts';

/** Loaded before everything else (`--import`) in a process that is to have one of the planted bugs, named in its environment. */
const bug = plantedBugs.find(({ name }) => name === process.env[plantedVariable]);
if (bug === undefined) throw new Error(`no planted bug is named by ${plantedVariable}`);
const { name, file, find, replace } = bug;
const target = new URL(`../../../${file}`, import.meta.url).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    return url === target ? { ...loaded, source: plant(textOf(loaded.source)) } : loaded;
  },
});

function plant(source: string): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`the planted bug "${name}" fits ${places} places in ${file}, not one`);
  return source.replace(find, () => replace);
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  if (source instanceof Uint8Array) return new TextDecoder().decode(source);
  throw new Error(`${file} was loaded without its text`);
}
