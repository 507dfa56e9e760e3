import type { Command } from './support/command.ts';
import { answerOption, appArgument } from './support/options.ts';
import { printState } from './support/output.ts';

export const unpin: Command = {
  name: 'unpin',
  summary: 'Let a pinned app sleep again',
  description: 'Its own rules hold from then on; its idle time starts anew.',
  args: [appArgument],
  options: [answerOption],
  examples: ['drowse unpin ocr'],
  exits: ['not-running', 'not-found', 'conflict', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const app = await (await connect()).unpin(args[0] ?? '');
    return await printState(terminal, options, app, '; it is not pinned');
  },
};
