import type { Client } from '../../api/client.ts';
import type { ExitName } from '../exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** A command as data: the parser, the help, the reference and the completions are made of it. */
export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description: string;
  readonly args: readonly Argument[];
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  /** The exit codes that this command may end with, besides `ok`, `failure` and `usage`. */
  readonly exits: readonly ExitName[];
  /** Whether it talks to a running Drowse, and so takes the options that say to which. */
  readonly connects: boolean;
  /** Resolves to the exit code: a name, or, from `up`, a number. */
  readonly run: (invocation: Invocation) => Promise<ExitName | number>;
}

/** What the help, the reference and the completions need of a command. */
export type CommandData = Omit<Command, 'run'>;

export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly kind: 'required' | 'any';
  readonly complete: 'app' | readonly string[];
}

export interface Option {
  readonly short: string | null;
  /** Without dashes. */
  readonly long: string;
  /** Name of its value; `null` for a switch. */
  readonly value: string | null;
  readonly description: string;
  /** All values that are allowed. */
  readonly choices?: readonly string[];
  readonly complete?: 'file';
}

export interface Invocation {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly terminal: Terminal;
  /** The client of the Drowse that is meant. Rejects with `CliError`. */
  readonly connect: () => Promise<Client>;
}

/** By long name. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export function textOption(values: OptionValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** An outcome that the user can do something about: printed without a stack. */
export class CliError extends Error {
  readonly exit: ExitName;
  constructor(exit: ExitName, message: string) {
    super(message);
    this.name = 'CliError';
    this.exit = exit;
  }
}

/** The options that say which Drowse is meant. `-f` is not taken from a command that uses it otherwise. */
export const connectionOptions: readonly Option[] = [
  {
    short: null,
    long: 'url',
    value: 'URL',
    description: 'Address of the API (default: $DROWSE_URL, else the running Drowse)',
  },
  {
    short: 'f',
    long: 'file',
    value: 'PATH',
    description: 'The Drowse that runs this configuration',
    complete: 'file',
  },
  {
    short: null,
    long: 'token-file',
    value: 'PATH',
    description: 'File with the token (default: $DROWSE_TOKEN_FILE, else that of the running Drowse)',
    complete: 'file',
  },
];

export const appArgument: Argument = {
  name: 'APP',
  description: 'Name of the app',
  kind: 'required',
  complete: 'app',
};

export const outputOption: Option = {
  short: 'o',
  long: 'output',
  value: 'FORMAT',
  description: 'How to print: table, wide, json or yaml',
  choices: ['table', 'wide', 'json', 'yaml'],
};

export const waitOptions: readonly Option[] = [
  { short: null, long: 'wait', value: null, description: 'Return only when it is done' },
  { short: null, long: 'timeout', value: 'TIME', description: 'How long to wait (default: 5m)' },
];

/** All options of a command, with those that say which Drowse is meant; its own come first, and keep their short names. */
export function optionsOf(command: CommandData): readonly Option[] {
  if (!command.connects) return command.options;
  const taken = new Set(command.options.map(({ short }) => short));
  const connection = connectionOptions.map((option) =>
    taken.has(option.short) ? { ...option, short: null } : option,
  );
  return [...command.options, ...connection];
}

/** `-f`, `--file` */
export function flagsOf({ short, long }: Option): readonly string[] {
  return short === null ? [`--${long}`] : [`-${short}`, `--${long}`];
}
