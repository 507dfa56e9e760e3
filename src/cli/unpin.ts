import type { Command } from './support/command.ts';
import { appArgument } from './support/options.ts';
import { stateSentence } from './support/state-words.ts';
import { line } from './support/terminal.ts';

export const unpin: Command = {
  name: 'unpin',
  summary: 'Let a pinned app sleep again',
  description: 'Its own rules hold from then on; its idle time starts anew.',
  args: [appArgument],
  options: [],
  examples: ['drowse unpin ocr'],
  exits: ['not-running', 'not-found', 'conflict', 'denied'],
  connects: true,
  run: async ({ args, terminal, connect }) => {
    const app = await (await connect()).unpin(args[0] ?? '');
    line(terminal.out, stateSentence(app, '; it is not pinned'));
    return 'ok';
  },
};
