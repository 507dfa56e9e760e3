import { readFile } from 'node:fs/promises';
import { CliError, textOption, type Command } from './support/command.ts';
import { outputOption } from './support/options.ts';
import { formatOf, print } from './support/output.ts';
import type { Version } from '../api/contract.ts';
import { UnreachableError } from '../api/client.ts';

export const version: Command = {
  name: 'version',
  summary: 'The version of this command, and of the running Drowse',
  description: 'That no Drowse runs is no failure here.',
  args: [],
  options: [outputOption],
  examples: ['drowse version', 'drowse version -o json'],
  exits: ['denied'],
  connects: true,
  run: async ({ options, terminal, connect }) => {
    const command = await ownVersion();
    const running = await connect()
      .then((client) => client.version())
      .catch(nullWhenNotRunning);
    const answer = { command, node: process.version, running };
    await print(terminal.out, formatOf(textOption(options, 'output')), answer, () => [
      `drowse ${command} (Node ${process.version})`,
      running === null ? 'No Drowse is running here.' : runningLine(running),
    ]);
    return 'ok';
  },
};

function runningLine({ version: number, pid, configPath }: Version): string {
  return `running: ${number}, pid ${pid}${configPath === null ? '' : `, ${configPath}`}`;
}

function nullWhenNotRunning(error: unknown): null {
  if (error instanceof UnreachableError) return null;
  if (error instanceof CliError && (error.exit === 'not-running' || error.exit === 'usage')) return null;
  throw error;
}

/** From the package this file belongs to: the same distance away in `src` and in `dist`. */
async function ownVersion(): Promise<string> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
