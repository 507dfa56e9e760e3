import type { CommandData } from '../support/command.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly CommandData[]): string {
  if (shell === 'fish') return fishScript(commands);
  const script = bashScript(commands);
  // zsh understands the functions of bash, given its own emulation.
  return shell === 'bash' ? script : `#compdef drowse\nautoload -Uz bashcompinit && bashcompinit\n${script}`;
}
