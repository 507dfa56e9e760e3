import { homedir } from 'node:os';
import path from 'node:path';

/** Where the sources of this folder are. */
export const sources = import.meta.dirname;
export const checkout = path.join(sources, '../..');

/** Builds, kept from one run to the next (XDG base directories). Everything in it can be made again. */
export function cacheFolder(): string {
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'drowse/cluster');
}

/** What belongs to one cluster, and goes with it. */
export function stateFolder(name: string): string {
  const root = process.env['XDG_STATE_HOME'] || path.join(homedir(), '.local/state');
  return path.join(root, 'drowse/cluster', name);
}
