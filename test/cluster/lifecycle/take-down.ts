import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { stateFolder } from '../folders.ts';
import { removeCgroups } from '../machines/cgroups.ts';
import { endMachine } from '../machines/machine.ts';
import { machineFolderOf } from './state.ts';

/** Ends what belongs to the cluster of this name, whole or half, and removes what it left. True when there was anything. */
export async function takeDown(name: string): Promise<boolean> {
  const folder = stateFolder(name);
  const machines = path.join(folder, 'machines');
  const found = existsSync(machines) ? await readdir(machines) : [];
  await Promise.all(found.map((machine) => endMachine(machineFolderOf(folder, machine))));
  await removeCgroups(name);
  const existed = existsSync(folder);
  await rm(folder, { recursive: true, force: true });
  return existed;
}
