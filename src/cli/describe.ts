import { textOption, type Command } from './support/command.ts';
import { appArgument, outputOption } from './support/options.ts';
import { describeText } from './support/describe-text.ts';
import { formatOf, print } from './support/output.ts';

export const describe: Command = {
  name: 'describe',
  summary: 'Everything about one app: settings, replicas, counters',
  description: 'Values of environment variables are never shown.',
  args: [appArgument],
  options: [outputOption],
  examples: ['drowse describe ocr', 'drowse describe ocr -o yaml'],
  exits: ['not-running', 'not-found', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const detail = await (await connect()).app(args[0] ?? '');
    await print(terminal.out, formatOf(textOption(options, 'output')), detail, () =>
      describeText(detail, terminal.out.isTTY === true ? terminal.out.columns || 80 : Infinity),
    );
    return 'ok';
  },
};
