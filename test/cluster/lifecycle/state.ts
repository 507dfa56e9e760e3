import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Programs } from '../build/programs.ts';
import { stateFolder } from '../folders.ts';
import { places } from '../machines/addresses.ts';
import { findMachine, type Machine } from '../machines/machine.ts';
import type { Options } from '../options.ts';

/** A cluster that came up. */
export interface Cluster {
  readonly options: Options;
  readonly programs: Programs;
  readonly folder: string;
  readonly machines: ReadonlyMap<string, Machine>;
}

type Written = Pick<Cluster, 'options' | 'programs'>;

function recordOf(folder: string): string {
  return path.join(folder, 'cluster.json');
}

export function machineFolderOf(folder: string, name: string): string {
  return path.join(folder, 'machines', name);
}

/** Last, when everything is ready: without it a cluster is a half one, which is only good for being taken down. */
export async function writeCluster({ options, programs, folder }: Cluster): Promise<void> {
  const written: Written = { options, programs };
  await writeFile(recordOf(folder), JSON.stringify(written, null, 2));
}

/** The cluster of this name, if it came up and all its machines run. */
export function readCluster(name: string): Cluster | null {
  const folder = stateFolder(name);
  if (!existsSync(recordOf(folder))) return null;
  const written = JSON.parse(readFileSync(recordOf(folder), 'utf8')) as Written;
  const machines = new Map<string, Machine>();
  for (const place of places) {
    const machine = findMachine(machineFolderOf(folder, place.name));
    if (machine === null) return null;
    machines.set(place.name, machine);
  }
  return { ...written, folder, machines };
}

export function machineOf(cluster: Pick<Cluster, 'machines'>, name: string): Machine {
  const machine = cluster.machines.get(name);
  if (machine === undefined) throw new Error(`The cluster has no machine ${name}`);
  return machine;
}
