import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program, run } from './programs.ts';

/** Set in the environment of everything that a test starts, so that what is left of it can be told from other processes. */
export const markName = 'DROWSE_REAL_TEST';

/** A folder of one test, and the mark of its processes. Disposing of it fails when any of them is left. */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  readonly mark: string;
  write(name: string, text: string): Promise<string>;
  /** A folder in it that belongs to a user of this name, where the tests run as root; else to whoever runs them. */
  makeFolder(name: string, user: string): Promise<string>;
}

export async function createScratch(): Promise<Scratch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drowse-real-'));
  // Servers that refuse root run as users of their own, and must get at their folders.
  await chmod(folder, 0o755);
  const mark = randomUUID();
  return {
    folder,
    mark,
    async write(name, text) {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return file;
    },
    async makeFolder(name, user) {
      const made = path.join(folder, name);
      await mkdir(made);
      if (process.getuid?.() === 0) await run([program('chown'), `${user}:${user}`, made]);
      return made;
    },
    async [Symbol.asyncDispose]() {
      const left = await processesOf(folder, mark);
      if (left.length > 0) throw new Error(`Processes of the test are left over: ${left.join('; ')}`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Servers that overwrite their environment (PostgreSQL does, with its title) are found by their working directory. */
export async function processesOf(folder: string, mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => ((await belongs(pid, folder, mark)) ? describe(pid) : null)),
  );
  return found.filter((line) => line !== null);
}

async function belongs(pid: string, folder: string, mark: string): Promise<boolean> {
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  if (directory === folder || directory.startsWith(`${folder}/`)) return true;
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.includes(`${markName}=${mark}`);
}

async function describe(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return `${pid} ${line.replaceAll('\0', ' ').trim()}`;
}
