import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from './error-code.ts';
import { writePrivateFile } from './private-file.ts';

/** What a running Drowse leaves on disk so that the command line finds it. */
export interface InstanceInfo {
  readonly url: string;
  readonly pid: number;
  /** Absolute path of the configuration. */
  readonly configPath: string;
  readonly tokenFile: string;
  /** Also told by `GET /api/v1/version`. */
  readonly instance: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const fileName = 'api.json';

/** The folder of all state of this user: `$DROWSE_STATE_ROOT`, else by the XDG rules. */
export function stateRoot(env: Environment): string {
  if (env['DROWSE_STATE_ROOT']) return resolve(env['DROWSE_STATE_ROOT']);
  // The XDG rules: a relative path is to be ignored.
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg?.startsWith('/') === true ? xdg : join(env['HOME'] || homedir(), '.local', 'state');
  return join(base, 'drowse');
}

/** Where the Drowse of this configuration keeps its state unless told otherwise: one folder per path of a configuration. */
export function defaultStateDir(configPath: string, env: Environment): string {
  const hash = createHash('sha256').update(resolve(configPath)).digest('hex').slice(0, 12);
  return join(stateRoot(env), hash);
}

/**
 * Writes `api.json` into the state directory, and into the default one too when they differ, for that is where others look. Returns how to take it
 * back; that leaves the file of a successor alone.
 */
export async function publishInstance(
  stateDir: string,
  info: InstanceInfo,
  env: Environment,
): Promise<() => Promise<void>> {
  const paths = new Set([stateDir, defaultStateDir(info.configPath, env)].map((dir) => join(dir, fileName)));
  for (const path of paths) {
    await write(path, info).catch((error: unknown) => {
      // Without the second one Drowse runs all the same; it is only found with --url.
      if (dirname(path) === stateDir) throw error;
    });
  }
  return async () => {
    for (const path of paths) {
      if ((await readInfo(path))?.instance === info.instance) await rm(path, { force: true });
    }
  };
}

async function write(path: string, info: InstanceInfo): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writePrivateFile(path, `${JSON.stringify(info, null, 2)}\n`);
}

/** The running instance of this configuration; `null` when there is none. */
export async function findInstance(configPath: string, env: Environment): Promise<InstanceInfo | null> {
  const info = await readInfo(join(defaultStateDir(configPath, env), fileName));
  return info !== null && isAlive(info.pid) ? info : null;
}

/** All running instances of this user, in the order of their configurations' paths. */
export async function listInstances(env: Environment): Promise<readonly InstanceInfo[]> {
  const root = stateRoot(env);
  const names = await readdir(root).catch(() => []);
  const infos = await Promise.all(names.map((name) => readInfo(join(root, name, fileName))));
  return infos
    .filter((info) => info !== null && isAlive(info.pid))
    .filter((info) => info !== null)
    .toSorted((a, b) => (a.configPath < b.configPath ? -1 : 1));
}

async function readInfo(path: string): Promise<InstanceInfo | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isInfo(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isInfo(value: unknown): value is InstanceInfo {
  if (typeof value !== 'object' || value === null || !('pid' in value)) return false;
  const { pid } = value;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['url', 'configPath', 'tokenFile', 'instance'].map((key) => fields.get(key));
  return texts.every((text) => typeof text === 'string') && Number.isSafeInteger(pid) && Number(pid) > 0;
}

/** A process of this pid exists; EPERM says that it does, as somebody else. The token is new at each start, so a recycled pid gives nothing away. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
