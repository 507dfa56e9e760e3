import { relative } from 'node:path';
import { textOption, type Command, type CommandData } from './support/command.ts';
import { configFileName, requireConfig } from './support/config-file.ts';
import { configOption, formatOption } from './support/options.ts';
import { formatOf, print } from './support/output.ts';
import { colorsOf, line } from './support/terminal.ts';

/** What is wrong with a configuration, or worth a warning. */
export interface CheckProblem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1; `null`: the file as a whole is meant. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

export interface CheckAnswer {
  /** `drowse up` would take it. */
  readonly ok: boolean;
  readonly file: string;
  /** Names of the apps; `null` where the file does not say it. */
  readonly apps: readonly string[] | null;
  readonly problems: readonly CheckProblem[];
}

export interface Checked {
  readonly answer: CheckAnswer;
  /** The problems for people, with the lines that are meant. */
  readonly text: string;
}

/** Reads a configuration as `up` would, and does nothing with it. */
export type CheckHandler = (file: string, options: { readonly color: boolean }) => Promise<Checked>;

const data: CommandData = {
  name: 'check',
  summary: 'Check a configuration without running it',
  description: `Takes \`${configFileName}\` of this folder, or the nearest one above it. Each problem stands with file, line and column. Ends with 2 when \`drowse up\` would not take it; warnings alone end with 0. Whether commands and ports can be had is the business of \`drowse doctor\`, once it runs.`,
  args: [],
  options: [configOption, formatOption],
  examples: ['drowse check', 'drowse check -f apps/drowse.yaml -o json'],
  exits: [],
  connects: false,
};

export function createCheck(check: CheckHandler): Command {
  return {
    ...data,
    run: async ({ options, terminal }) => {
      const { out, err, env, cwd } = terminal;
      const file = requireConfig(textOption(options, 'file'), cwd);
      const format = formatOf(textOption(options, 'output'));
      const { answer, text } = await check(file, { color: colorsOf(err, env).isColorSupported });
      if (format === 'table' && text !== '') line(err, text);
      await print(out, format, answer, () => summary(answer, cwd));
      return answer.ok ? 'ok' : 'usage';
    },
  };
}

/** What is wrong has been said. */
function summary({ ok, file, apps, problems }: CheckAnswer, cwd: string): readonly string[] {
  if (!ok) return [];
  const count = apps?.length ?? 0;
  const warnings = problems.length === 0 ? '' : ', with warnings';
  const path = relative(cwd, file);
  const shown = path.startsWith('..') ? file : path;
  return [`${shown} is valid${warnings}: ${count} ${count === 1 ? 'app' : 'apps'}.`];
}
