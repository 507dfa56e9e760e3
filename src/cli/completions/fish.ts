import type { CommandData, Option } from '../support/command.ts';
import { optionsOf } from '../support/options.ts';

const appNames = 'drowse get -o name 2>/dev/null';

/** A line for each command, argument and option. */
export function fishScript(commands: readonly CommandData[]): string {
  return `${['complete -c drowse -f', ...commands.flatMap(commandLines)].join('\n')}\n`;
}

function commandLines(command: CommandData): readonly string[] {
  const seen = `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
  const argument = command.args[0]?.complete;
  const words = argument === 'app' ? `(${appNames})` : (argument ?? []).join(' ');
  return [
    `complete -c drowse -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
    ...(words === '' ? [] : [`complete -c drowse ${seen} -a ${quote(words)}`]),
    ...optionsOf(command).map((option) => `complete -c drowse ${seen} ${optionLine(option)}`),
  ];
}

function optionLine({ short, long, value, description, choices, complete }: Option): string {
  return [
    ...(short === null ? [] : [`-s ${short}`]),
    `-l ${long}`,
    // `-x`: a value, and no names of files for it.
    ...(value === null ? [] : [complete === 'file' ? '-r -F' : '-x']),
    ...(choices === undefined ? [] : [`-a ${quote(choices.join(' '))}`]),
    `-d ${quote(description)}`,
  ].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
