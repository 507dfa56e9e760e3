import type { AppList } from '../api/contract.ts';
import type { Client } from '../api/client.ts';
import { appTable } from './support/app-table.ts';
import { CliError, textOption, type Command, type Invocation } from './support/command.ts';
import { outputOption } from './support/options.ts';
import { formatOf, print, type Format } from './support/output.ts';
import { tableNotes } from './support/table-notes.ts';
import {
  canRedraw,
  colorsOf,
  line,
  printable,
  type OutputStream,
  type Terminal,
} from './support/terminal.ts';
import { watchLines, watchTable } from './support/watch.ts';

const getOutput = {
  ...outputOption,
  description: 'How to print: table, wide, json, yaml or name',
  choices: ['table', 'wide', 'json', 'yaml', 'name'],
};

export const get: Command = {
  name: 'get',
  summary: 'List apps and their states',
  description:
    'USES counts requests, or connections where no requests are counted (TCP, TLS, HTTP/2). On a terminal, what is wrong with an app stands below the table. With -w the table stays and follows the states; where the output is no terminal, a line is written for each change. With -o json, each of them is one line of JSON.',
  args: [{ name: 'APP', description: 'Only these', kind: 'any', complete: 'app' }],
  options: [
    { short: 'w', long: 'watch', value: null, description: 'Go on, and show each change' },
    getOutput,
  ],
  examples: ['drowse get', 'drowse get -w', 'drowse get ocr -o json'],
  exits: ['not-running', 'not-found', 'denied'],
  connects: true,
  run: async (invocation) => {
    const output = textOption(invocation.options, 'output');
    const format = formatOf(output);
    const client = await invocation.connect();
    const list = await choose(client, invocation.args);
    await requireAll(client, invocation.args, list);
    if (invocation.options['watch'] === true) return await watch(invocation, client, list, format);
    const { out } = invocation.terminal;
    if (output === 'name') return printNames(out, list);
    await print(out, format, list, () => tableLines(list, invocation.terminal, format === 'wide'));
    return 'ok';
  },
};

/** What is wrong stands below on a terminal; programs that read the table find nothing but rows. */
function tableLines(list: AppList, { out, env }: Terminal, wide: boolean): readonly string[] {
  if (list.apps.length === 0) return ['No apps.'];
  const colors = colorsOf(out, env);
  if (out.isTTY !== true) return appTable(list, { wide, width: null, colors });
  const width = out.columns || 80;
  const notes = tableNotes(list.apps, { width, most: list.apps.length, colors });
  return [...appTable(list, { wide, width, colors }), ...notes];
}

function printNames(out: OutputStream, list: AppList): 'ok' {
  for (const { name } of list.apps) line(out, printable(name));
  return 'ok';
}

/** All apps, or those asked for. */
async function choose(client: Client, names: readonly string[]): Promise<AppList> {
  const list = await client.apps();
  return names.length === 0 ? list : { ...list, apps: list.apps.filter(({ name }) => names.includes(name)) };
}

/** Asks the API by name only to get its error, with the nearest name. */
async function requireAll(client: Client, names: readonly string[], list: AppList): Promise<void> {
  const known = new Set(list.apps.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) await client.app(name);
}

async function watch(
  { terminal, args, options }: Invocation,
  client: Client,
  first: AppList,
  format: Format,
): Promise<'ok'> {
  if (format === 'yaml' || options['output'] === 'name') {
    throw new CliError('usage', '-w goes with table, wide and json.');
  }
  const signal = terminal.untilInterrupted();
  const watched = { terminal, client, signal, read: async () => await choose(client, args) };
  try {
    if (canRedraw(terminal.out, terminal.env) && format !== 'json')
      await watchTable(watched, first, format === 'wide');
    else await watchLines(watched, args, format === 'json');
  } catch (error) {
    // Ctrl-C is how a watch ends.
    if (!signal.aborted) throw error;
  }
  return 'ok';
}
