import { textOption, type Command } from './support/command.ts';
import { appArgument, outputOption } from './support/options.ts';
import { formatOf, print, sentencesFor } from './support/output.ts';
import { whyText } from './support/why-text.ts';

export const why: Command = {
  name: 'why',
  summary: 'Why an app is in its state, and what comes next',
  description:
    'Says the state and since when, who woke the app, who waits for it and who uses it, what keeps it awake, when it will sleep, its last failure, and how long its last cold start took.',
  args: [appArgument],
  options: [outputOption],
  examples: ['drowse why ocr'],
  exits: ['not-running', 'not-found', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const answer = await (await connect()).why(args[0] ?? '');
    await print(terminal.out, formatOf(textOption(options, 'output')), answer, () =>
      sentencesFor(terminal.out, whyText(answer)),
    );
    return 'ok';
  },
};
