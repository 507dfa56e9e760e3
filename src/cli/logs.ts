import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from '../api/contract.ts';
import { CliError, textOption, type Command } from './support/command.ts';
import { appArgument } from './support/options.ts';
import { colorsOf, line, printableJson, type Terminal } from './support/terminal.ts';

export const logs: Command = {
  name: 'logs',
  summary: 'Show what an app writes',
  description:
    'The newest lines of its standard output and standard error. What Drowse adds starts with `drowse:`.',
  args: [appArgument],
  options: [
    { short: 'f', long: 'follow', value: null, description: 'Go on, and show each new line' },
    {
      short: 'n',
      long: 'tail',
      value: 'LINES',
      description: 'How many of the lines that are there (default: 100)',
    },
    { short: 't', long: 'timestamps', value: null, description: 'Put the time before each line' },
    { short: 'p', long: 'prefix', value: null, description: 'Put the replica before each line' },
    {
      short: 'o',
      long: 'output',
      value: 'FORMAT',
      description: 'How to print: text or json',
      choices: ['text', 'json'],
    },
  ],
  examples: ['drowse logs ocr -n 20', 'drowse logs ocr -f'],
  exits: ['not-running', 'not-found', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const tail = tailOf(textOption(options, 'tail'));
    const follow = options['follow'] === true;
    const render =
      textOption(options, 'output') === 'json'
        ? (entry: LogLine) => printableJson(JSON.stringify(entry))
        : renderer(terminal, options['timestamps'] === true, options['prefix'] === true);
    const client = await connect();
    const signal = terminal.untilInterrupted();
    let written = 0;
    try {
      for await (const entry of client.logs(args[0] ?? '', { tail, follow, signal })) {
        line(terminal.out, render(entry));
        written += 1;
      }
      // Beside the output, which is for programs as well.
      if (written === 0 && tail > 0) line(terminal.err, `${args[0]} has written nothing yet.`);
    } catch (error) {
      // Ctrl-C is how following ends.
      if (!signal.aborted) throw error;
    }
    return 'ok';
  },
};

function tailOf(text: string | null): number {
  if (text === null) return 100;
  if (!/^\d{1,4}$|^10000$/.test(text))
    throw new CliError('usage', `--tail takes a number up to 10000, not "${text}".`);
  return Number(text);
}

function renderer(terminal: Terminal, timestamps: boolean, prefix: boolean): (entry: LogLine) => string {
  const colors = colorsOf(terminal.out, terminal.env);
  return ({ at, replica, stream, text }) => {
    const shown = terminal.out.isTTY === true ? withoutControl(text) : text;
    const body = stream === 'drowse' ? colors.cyan(`drowse: ${shown}`) : shown;
    const heads = [...(timestamps ? [at] : []), ...(prefix ? [replica] : [])];
    return [...heads.map((head) => colors.dim(head)), body].join(' ');
  };
}

/** On a terminal, the output of an app must not move the cursor, rename the window, or turn the direction of what stands beside it. Joiners stay: scripts and emoji need them. */
function withoutControl(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '');
}
