import { connectionOptions, type Command, type Option } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

type CommandData = Omit<Command, 'run'>;

export function completionScript(shell: Shell, commands: readonly CommandData[]): string {
  if (shell === 'fish') return fish(commands);
  const script = bash(commands);
  // zsh understands the functions of bash, given its own emulation.
  return shell === 'bash' ? script : `#compdef drowse\nautoload -Uz bashcompinit && bashcompinit\n${script}`;
}

/** All options of a command, with those that say which Drowse is meant; its own come first, and keep their short names. */
export function optionsOf(command: CommandData): readonly Option[] {
  if (!command.connects) return command.options;
  const taken = new Set(command.options.map(({ short }) => short));
  const connection = connectionOptions.map((option) =>
    taken.has(option.short) ? { ...option, short: null } : option,
  );
  return [...command.options, ...connection];
}

function flagsOf({ short, long }: Option): readonly string[] {
  return short === null ? [`--${long}`] : [`-${short}`, `--${long}`];
}

const appNames = 'drowse get -o name 2>/dev/null';

function bash(commands: readonly CommandData[]): string {
  return `_drowse() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "$command" in
${commands.map(bashCommand).join('\n')}
  esac
}
complete -F _drowse drowse
`;
}

function bashCommand(command: CommandData): string {
  const options = optionsOf(command);
  const values = options
    .filter(({ value }) => value !== null)
    .map((option) => `        ${flagsOf(option).join('|')}) ${bashValue(option)}; return ;;`);
  const flags = options.flatMap(flagsOf).join(' ');
  const argument = command.args[0]?.complete;
  const words = argument === undefined ? '' : argument === 'app' ? `$(${appNames})` : argument.join(' ');
  return `    ${command.name})
      case "$previous" in
${values.join('\n')}
      esac
      case "$current" in
        -*) COMPREPLY=($(compgen -W "${flags}" -- "$current")) ;;
        *) COMPREPLY=($(compgen -W "${words}" -- "$current")) ;;
      esac ;;`;
}

function bashValue({ choices, complete }: Option): string {
  if (complete === 'file') return 'COMPREPLY=($(compgen -f -- "$current"))';
  return choices === undefined ? ':' : `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current"))`;
}

function fish(commands: readonly CommandData[]): string {
  const lines = ['complete -c drowse -f'];
  for (const command of commands) {
    lines.push(`complete -c drowse -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`);
    const seen = `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
    const argument = command.args[0]?.complete;
    if (argument !== undefined)
      lines.push(
        `complete -c drowse ${seen} -a ${quote(argument === 'app' ? `(${appNames})` : argument.join(' '))}`,
      );
    for (const option of optionsOf(command)) lines.push(`complete -c drowse ${seen} ${fishOption(option)}`);
  }
  return `${lines.join('\n')}\n`;
}

function fishOption({ short, long, value, description, choices, complete }: Option): string {
  return [
    ...(short === null ? [] : [`-s ${short}`]),
    `-l ${long}`,
    ...(value === null ? [] : ['-r']),
    ...(complete === 'file' ? ['-F'] : []),
    ...(choices === undefined ? [] : [`-a ${quote(choices.join(' '))}`]),
    `-d ${quote(description)}`,
  ].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
