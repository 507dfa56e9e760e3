import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createClient, type Client } from '../../api/client.ts';
import { findInstance, listInstances, type InstanceInfo } from '../../api/discovery.ts';
import { CliError, textOption, type OptionValues } from './command.ts';
import type { Terminal } from './terminal.ts';

export const configFileName = 'drowse.yaml';

/** The client of the Drowse that the options, the environment and the current folder point at. */
export async function connect(options: OptionValues, terminal: Terminal): Promise<Client> {
  const target = await findTarget(options, terminal);
  const token = target.tokenFile === null ? null : await readToken(target.tokenFile);
  return createClient({ url: target.url, token, operator: `${userName()} (drowse CLI)` });
}

interface Target {
  readonly url: string;
  readonly tokenFile: string | null;
}

async function findTarget(options: OptionValues, terminal: Terminal): Promise<Target> {
  const { env, cwd } = terminal;
  const tokenFile = textOption(options, 'token-file') ?? (env['DROWSE_TOKEN_FILE'] || null);
  const file = textOption(options, 'file');
  const url = textOption(options, 'url') ?? (file === null ? env['DROWSE_URL'] || null : null);
  if (url !== null) return { url: checkedUrl(url), tokenFile: tokenFile ?? (await tokenFileFor(url, env)) };
  const found = await findRunning(file, cwd, env);
  return { url: found.url, tokenFile: tokenFile ?? found.tokenFile };
}

/** A token goes only where its own Drowse said that it listens: never to just any address that somebody names. */
async function tokenFileFor(url: string, env: Terminal['env']): Promise<string | null> {
  const { origin } = new URL(url);
  return (
    (await listInstances(env)).find((instance) => new URL(instance.url).origin === origin)?.tokenFile ?? null
  );
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url) || new URL(url).protocol !== 'http:') {
    throw new CliError('usage', `"${url}" is not an address like http://127.0.0.1:7667.`);
  }
  return url;
}

async function findRunning(file: string | null, cwd: string, env: Terminal['env']): Promise<InstanceInfo> {
  const configFile = file === null ? nearestConfig(cwd) : resolve(cwd, file);
  const configPath = configFile === null ? null : resolveConfig(configFile);
  const isThere = configPath !== null && existsSync(configPath);
  const running = await listInstances(env);
  if (configPath !== null) {
    const instance = await findInstance(configPath, env);
    if (instance !== null) return instance;
    const others = running.length === 0 ? '' : `\nOthers run:\n${describe(running)}`;
    const what = isThere
      ? `No Drowse runs ${configPath}. Start it: drowse up -f ${configPath}`
      : `There is no file ${configPath}, and no Drowse runs it.`;
    throw new CliError('not-running', `${what}${others}`);
  }
  const [only, ...more] = running;
  if (only === undefined) throw new CliError('not-running', 'No Drowse is running. Start one: drowse up');
  if (more.length > 0)
    throw new CliError(
      'usage',
      `Several Drowses run. Say which one with -f, before the command (drowse -f FILE get):\n${describe(running)}`,
    );
  return only;
}

function describe(instances: readonly InstanceInfo[]): string {
  return instances.map(({ configPath, url }) => `  ${configPath}  (${url})`).join('\n');
}

/** The configuration in this folder or the nearest one above it; `null` where there is none. */
export function nearestConfig(folder: string): string | null {
  const path = join(folder, configFileName);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  const parent = dirname(folder);
  return parent === folder ? null : nearestConfig(parent);
}

/**
 * Links are followed, so that every name of a file means the same Drowse; but not from the volume of a Kubernetes ConfigMap into its `..data`, which is another folder after each
 * change of the map. A file that is not there keeps its name.
 */
export function resolveConfig(path: string): string {
  try {
    const folder = realpathSync(dirname(path));
    const named = join(folder, basename(path));
    return isInConfigMap(named) ? named : realpathSync(named);
  } catch {
    return path;
  }
}

/** https://pkg.go.dev/k8s.io/kubernetes/pkg/volume/util#AtomicWriter */
function isInConfigMap(path: string): boolean {
  const link = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : '';
  return link.startsWith('..data/');
}

async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new CliError('denied', unreadable(path, error));
  }
}

function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT')
    return `There is no token file ${path}. A running Drowse writes one; --token-file and DROWSE_TOKEN_FILE name another.`;
  if (code === 'EACCES')
    return `You may not read the token file ${path}: this Drowse is another user's. Run the command as that user, or name a copy with --token-file.`;
  return `The token file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the password file.
    return 'somebody';
  }
}
