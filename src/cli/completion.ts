import { completionScript, shells } from './completions/scripts.ts';
import { CliError, type Command, type CommandData } from './support/command.ts';

/** Told about all commands by the caller, for it is one of them itself. */
export function createCompletion(commands: () => readonly CommandData[]): Command {
  return {
    name: 'completion',
    summary: 'Print the completions for a shell',
    description:
      'bash: `source <(drowse completion bash)` in ~/.bashrc. zsh: `source <(drowse completion zsh)` in ~/.zshrc. fish: `drowse completion fish > ~/.config/fish/completions/drowse.fish`.',
    args: [{ name: 'SHELL', description: 'bash, zsh or fish', kind: 'required', complete: shells }],
    options: [],
    examples: ['source <(drowse completion bash)'],
    exits: [],
    connects: false,
    run: async ({ args, terminal }) => {
      const shell = shells.find((name) => name === args[0]);
      if (shell === undefined)
        throw new CliError('usage', `There are completions for ${shells.join(', ')}, not for "${args[0]}".`);
      terminal.out.write(completionScript(shell, commands()));
      return 'ok';
    },
  };
}
