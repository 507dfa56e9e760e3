import { resolve } from 'node:path';
import { CliError, textOption, type CommandData, type OptionValues } from './support/command.ts';
import { configFileName, requireConfig, resolveConfig } from './support/config-file.ts';
import { configOption } from './support/options.ts';
import { canRedraw, type Terminal } from './support/terminal.ts';

/** What `drowse up` was asked for. */
export interface UpOptions {
  /** Which configuration this is: absolute, with links followed, so that every name of a file means the same one. */
  readonly configPath: string;
  /** Where it is read from: as it was named, for a link may come to point elsewhere. Absolute. */
  readonly configFile: string;
  /** `null`: the default one of this configuration (`defaultStateDir` in `api/discovery.ts`). */
  readonly stateDir: string | null;
  /** Where the API listens; `null`: as configured. */
  readonly api: { readonly host: string; readonly port: number } | null;
  /** `null`: as configured. */
  readonly logLevel: LogLevel | null;
  readonly logFormat: LogFormat;
  /** Whether to draw the live table (`createLiveTable`) on standard output. */
  readonly table: boolean;
  /** Nothing but errors. */
  readonly quiet: boolean;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Runs until it is told to end; resolves to the exit code. */
export type UpHandler = (options: UpOptions) => Promise<number>;

export const up: CommandData = {
  name: 'up',
  summary: 'Run Drowse with a configuration',
  description: `Takes \`${configFileName}\` of this folder, or the nearest one above it. Runs in the foreground; Ctrl-C stops all apps and ends it; a second one kills what has not stopped yet. On a terminal it shows the table of \`drowse get -w\`.`,
  args: [],
  options: [
    configOption,
    {
      short: null,
      long: 'state-dir',
      value: 'PATH',
      description: 'Where state, logs and the token are kept',
      complete: 'file',
    },
    {
      short: null,
      long: 'api',
      value: 'HOST:PORT',
      description:
        'Where the API listens (default: as configured, else 127.0.0.1:7667, or a free port where that is taken)',
    },
    {
      short: null,
      long: 'log-level',
      value: 'LEVEL',
      description: 'How much Drowse logs (default: as configured, else info, and warn with the table)',
      choices: logLevels,
    },
    {
      short: null,
      long: 'log-format',
      value: 'FORMAT',
      description:
        'How Drowse writes: text for people (default), or json, an object on each line and no table',
      choices: logFormats,
    },
    { short: 'q', long: 'quiet', value: null, description: 'Say nothing but errors' },
    { short: null, long: 'no-table', value: null, description: 'No live table, also on a terminal' },
  ],
  examples: ['drowse up', 'drowse up -f apps/drowse.yaml --api 127.0.0.1:7070'],
  exits: ['interrupted'],
  connects: false,
};

export function upOptions(values: OptionValues, terminal: Terminal): UpOptions {
  const configFile = requireConfig(textOption(values, 'file'), terminal.cwd);
  const quiet = values['quiet'] === true;
  const logFormat = logFormats.find((name) => name === values['log-format']) ?? 'text';
  const wantsTable = !quiet && logFormat === 'text' && values['table'] !== false;
  const stateDir = textOption(values, 'state-dir');
  const api = textOption(values, 'api');
  const level = logLevels.find((name) => name === values['log-level']);
  return {
    configPath: resolveConfig(configFile),
    configFile,
    stateDir: stateDir === null ? null : resolve(terminal.cwd, stateDir),
    api: api === null ? null : parseAddress(api),
    logLevel: level ?? (quiet ? 'error' : null),
    logFormat,
    table: wantsTable && canRedraw(terminal.out, terminal.env),
    quiet,
  };
}

/** `127.0.0.1:7667`, `[::1]:7070`, or a port alone, which means loopback. */
function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new CliError('usage', `--api takes an address like 127.0.0.1:7667, not "${text}".`);
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}
