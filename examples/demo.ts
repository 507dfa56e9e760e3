/** `npm start`: the three apps of `examples/drowse.yaml`, a line to try, and the table of their states. Started through `start.js`. */
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../src/config/load-config.ts';
import { sentencesFor } from '../src/cli/support/output.ts';
import { canRedraw } from '../src/cli/support/terminal.ts';
import type { AppSpec } from '../src/core/app.ts';
import { up } from '../src/main.ts';
import { introduction, urlOf } from './introduction.ts';

const configPath = path.join(import.meta.dirname, 'drowse.yaml');

/** The apps of the demo are programs for Node: for the one that runs this, whichever `node` stands in the path. */
process.env['PATH'] = `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;

/** Whether another program has its port. Tried by taking it for a moment: a connection would wake what is behind another Drowse. */
function isTaken({ ports: [port] }: AppSpec): Promise<boolean> {
  if (port === undefined) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(true));
  server.listen(port.listen, () => server.close(() => resolve(false)));
  return promise;
}

/** In English, what is in the way; `null` when nothing is. */
async function obstacle(apps: readonly AppSpec[]): Promise<string | null> {
  const taken = await Promise.all(apps.map(async (app) => ((await isTaken(app)) ? urlOf(app) : null)));
  const urls = taken.filter((url) => url !== null);
  if (urls.length === 0) return null;
  return `The demo needs ${new Intl.ListFormat('en').format(urls)}, which another program has already (another demo?). End that one, or change the ports in examples/drowse.yaml.`;
}

/** Sentences are broken between words; what is indented is there to be copied. */
function fitted(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : sentencesFor(process.stdout, [line])));
}

async function main(): Promise<number> {
  const loaded = await loadConfig(configPath, { variables: process.env, homeDirectory: homedir() });
  // `up` says itself what is wrong with a configuration.
  const apps = loaded.ok ? loaded.config.apps : [];
  const problem = await obstacle(apps);
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  if (loaded.ok) process.stdout.write(`${fitted(introduction(apps, import.meta.dirname)).join('\n')}\n`);
  const table = canRedraw(process.stdout, process.env);
  return await up({
    configPath,
    configFile: configPath,
    stateDir: null,
    api: null,
    logLevel: 'warn',
    logFormat: 'text',
    table,
    quiet: false,
  });
}

process.exitCode = await main();
