import type { Command } from './support/command.ts';
import { answerOption, appArgument, waitOptions } from './support/options.ts';
import { printState } from './support/output.ts';
import { waitBody } from './support/wait.ts';

export const sleep: Command = {
  name: 'sleep',
  summary: 'Put an app to sleep now',
  description: 'What is in flight may finish first. The next visitor wakes the app again.',
  args: [appArgument],
  options: [...waitOptions, answerOption],
  examples: ['drowse sleep ocr', 'drowse sleep ocr --wait'],
  exits: ['not-running', 'not-found', 'timed-out', 'conflict', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const app = await (await connect()).sleep(args[0] ?? '', waitBody(options));
    return await printState(terminal, options, app);
  },
};
