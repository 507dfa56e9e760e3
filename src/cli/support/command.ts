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
