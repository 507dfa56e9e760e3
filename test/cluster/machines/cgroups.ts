import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = '/sys/fs/cgroup';

/** Under which the kubelet of a machine puts its pods; as the kubelet names it. */
export function cgroupOf(cluster: string, machine: string): string {
  return `/drowse-${cluster}/${machine}`;
}

export interface Hierarchy {
  readonly folder: string;
  readonly controllers: readonly string[];
}

/** One where the hierarchy is unified (version 2), one for each folder of controllers where it is not (and runc adds one to `unified`). */
export function hierarchies(): readonly Hierarchy[] {
  const unified = path.join(root, 'cgroup.controllers');
  if (existsSync(unified))
    return [{ folder: root, controllers: readFileSync(unified, 'utf8').trim().split(' ') }];
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => existsSync(path.join(root, name, 'cgroup.procs')))
    .map((name) => ({ folder: path.join(root, name), controllers: name.split(',') }));
}

export async function makeCgroup(cgroup: string): Promise<void> {
  for (const { folder } of hierarchies()) {
    await mkdir(path.join(folder, cgroup), { recursive: true });
    if (existsSync(path.join(folder, 'cpuset.cpus'))) await allowAllCpus(folder, cgroup);
  }
}

/** In version 1 a new cpuset is empty, and no process may enter it. */
async function allowAllCpus(hierarchy: string, cgroup: string): Promise<void> {
  let folder = hierarchy;
  for (const part of cgroup.split('/').filter(Boolean)) {
    const parent = folder;
    folder = path.join(folder, part);
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const target = path.join(folder, file);
      if ((await readFile(target, 'utf8')).trim() !== '') continue;
      await writeFile(target, await readFile(path.join(parent, file), 'utf8'));
    }
  }
}

/** Removes what `makeCgroup` and the kubelets made for a cluster. Its processes must have ended. */
export async function removeCgroups(cluster: string): Promise<void> {
  for (const { folder } of hierarchies()) await removeTree(path.join(folder, `drowse-${cluster}`));
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  rmdirSync(folder);
}
