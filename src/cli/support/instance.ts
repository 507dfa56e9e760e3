import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createClient, type Client } from '../../api/client.ts';
import { listInstances } from '../../api/discovery.ts';
import { CliError, textOption, type OptionValues } from './command.ts';
import { findRunning } from './running.ts';
import type { Terminal } from './terminal.ts';

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
