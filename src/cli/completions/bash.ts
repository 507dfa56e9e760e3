import type { CommandData, Option } from '../support/command.ts';
import { connectionOptions, flagsOf, optionsOf } from '../support/options.ts';

/** A function for `complete -F`, with everything in it but the names of apps, for which it asks Drowse. */
export function bashScript(commands: readonly CommandData[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `_drowse() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command= word next index
  local -a target=()
  COMPREPLY=()
  # \`--output=json\` comes as three words.
  [ "$previous" = = ] && previous="\${COMP_WORDS[COMP_CWORD-2]}"
  [ "$current" = = ] && current=
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    next=$((index + 1))
    case "$command:$word" in
      ${ownShort(commands)}) ;;
      ${connectionFlags()})
        [ "\${COMP_WORDS[next]}" = = ] && ((next++))
        # The names of apps are those of the Drowse that is meant.
        ((next < COMP_CWORD)) && target+=("$word" "\${COMP_WORDS[next]}")
        index=$next ;;
      *:-*) ;;
      :*) command="$word" ;;
    esac
  done
  if [ -z "$command" ]; then
    case "$previous" in
      ${valuesOf(connectionOptions).join('\n      ')}
    esac
    COMPREPLY=($(compgen -W "${names} help ${connectionOptions.flatMap(flagsOf).join(' ')}" -- "$current"))
    return
  fi
  case "$command" in
    help) COMPREPLY=($(compgen -W "${names}" -- "$current")) ;;
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _drowse drowse
`;
}

/** Commands that use a short flag of the connection otherwise. */
function ownShort(commands: readonly CommandData[]): string {
  const taken = commands.flatMap(({ name, options }) =>
    options
      .filter(({ short }) => short !== null && connectionOptions.some((known) => known.short === short))
      .filter(({ value }) => value === null)
      .map(({ short }) => `${name}:-${short}`),
  );
  return taken.length === 0 ? '::' : taken.join('|');
}

function connectionFlags(): string {
  return connectionOptions
    .flatMap(flagsOf)
    .map((flag) => `*:${flag}`)
    .join('|');
}

function commandCase(command: CommandData): string {
  const flags = optionsOf(command).flatMap(flagsOf).join(' ');
  const argument = command.args[0]?.complete;
  const words = argument === undefined ? '' : argument === 'app' ? appNames : argument.join(' ');
  return `    ${command.name})
      case "$previous" in
        ${valuesOf(optionsOf(command)).join('\n        ')}
      esac
      case "$current" in
        -*) COMPREPLY=($(compgen -W "${flags}" -- "$current")) ;;
        *) COMPREPLY=($(compgen -W "${words}" -- "$current")) ;;
      esac ;;`;
}

const appNames = '$(drowse get -o name ${target[@]+"${target[@]}"} 2>/dev/null)';

/** After an option that takes a value nothing but its values makes sense. */
function valuesOf(options: readonly Option[]): readonly string[] {
  return options
    .filter(({ value }) => value !== null)
    .map((option) => `${flagsOf(option).join('|')}) ${completionOf(option)}; return ;;`);
}

function completionOf({ choices, complete }: Option): string {
  if (complete === 'file') return 'COMPREPLY=($(compgen -f -- "$current"))';
  return choices === undefined ? ':' : `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current"))`;
}
