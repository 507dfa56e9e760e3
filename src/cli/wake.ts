import { CliError, textOption, type Command } from './support/command.ts';
import { answerOption, appArgument, waitOptions } from './support/options.ts';
import { printState } from './support/output.ts';
import { waitBody } from './support/wait.ts';

export const wake: Command = {
  name: 'wake',
  summary: 'Wake an app',
  description:
    'Also tries again at once an app that has failed. It sleeps again by its own rules; to keep it up, pin it.',
  args: [appArgument],
  options: [
    { short: null, long: 'replicas', value: 'N', description: 'How many (default: as many as it had)' },
    ...waitOptions,
    answerOption,
  ],
  examples: ['drowse wake ocr', 'drowse wake ocr --wait --timeout 2m'],
  exits: ['not-running', 'not-found', 'timed-out', 'wake-failed', 'conflict', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const replicas = replicasOf(textOption(options, 'replicas'));
    const body = { ...waitBody(options), ...(replicas === null ? {} : { replicas }) };
    const app = await (await connect()).wake(args[0] ?? '', body);
    return await printState(terminal, options, app);
  },
};

function replicasOf(text: string | null): number | null {
  if (text === null) return null;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new CliError('usage', `--replicas takes a whole number from 1, not "${text}".`);
  return Number(text);
}
