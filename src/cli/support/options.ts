import type { Argument, CommandData, Option } from './command.ts';
import { configFileName } from './config-file.ts';

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

/** Of commands that read a configuration themselves. */
export const configOption: Option = {
  short: 'f',
  long: 'file',
  value: 'PATH',
  description: `The configuration (default: the nearest ${configFileName})`,
  complete: 'file',
};

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

export const formatOption: Option = {
  ...outputOption,
  description: 'How to print: text, json or yaml',
  choices: ['text', 'json', 'yaml'],
};

/** Of a command that says in a sentence what became of it. */
export const answerOption: Option = {
  ...formatOption,
  description: 'How to print: text, or the app as it is then in json or yaml',
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
