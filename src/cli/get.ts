import { setTimeout as delay } from 'node:timers/promises';
import type { AppList } from '../api/contract.ts';
import { UnreachableError, type Client } from '../api/client.ts';
import { appTable } from './support/app-table.ts';
import { CliError, outputOption, textOption, type Command, type Invocation } from './support/command.ts';
import { formatOf, print, type Format } from './support/output.ts';
import { colorsOf, line, printable, type OutputStream } from './support/terminal.ts';
import { createLiveTable } from './table.ts';

const getOutput = {
  ...outputOption,
  description: 'How to print: table, wide, json, yaml or name',
  choices: ['table', 'wide', 'json', 'yaml', 'name'],
};

export const get: Command = {
  name: 'get',
  summary: 'List apps and their states',
  description:
    'With -w the table stays and follows the states; where the output is no terminal, a line is written for each change. With -o json, each of them is one line of JSON.',
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
    if (invocation.options['watch'] === true) return await watch(invocation, client, list, format);
    const { out, env } = invocation.terminal;
    if (output === 'name') return printNames(out, list);
    const width = out.isTTY === true ? (out.columns || 80) : null;
    const options = { wide: format === 'wide', width, colors: colorsOf(out, env) };
    await print(out, format, list, () => (list.apps.length === 0 ? ['No apps.'] : appTable(list, options)));
    return 'ok';
  },
};

function printNames(out: OutputStream, list: AppList): 'ok' {
  for (const { name } of list.apps) line(out, printable(name));
  return 'ok';
}

/** All apps, or those asked for; asks the API by name only to get its error, with the nearest name. */
async function choose(client: Client, names: readonly string[]): Promise<AppList> {
  const list = await client.apps();
  if (names.length === 0) return list;
  const known = new Set(list.apps.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) await client.app(name);
  return { ...list, apps: list.apps.filter(({ name }) => names.includes(name)) };
}

async function watch(
  invocation: Invocation,
  client: Client,
  first: AppList,
  format: Format,
): Promise<'ok' | 'interrupted'> {
  if (format === 'yaml' || invocation.options['output'] === 'name')
    throw new CliError('usage', '-w goes with table, wide and json.');
  const { terminal } = invocation;
  const live = terminal.out.isTTY === true && format !== 'json';
  try {
    await (live
      ? watchTable(invocation, client, first, format === 'wide')
      : watchLines(invocation, client, first, format));
  } catch (error) {
    // Ctrl-C is how a watch ends.
    if (!terminal.signal.aborted) throw error;
  }
  return 'ok';
}

const refreshMs = 1000;

/** Redraws each second, for countdowns and counts, and at once on each change. */
async function watchTable(
  { terminal, args }: Invocation,
  client: Client,
  first: AppList,
  wide: boolean,
): Promise<void> {
  const { signal } = terminal;
  const table = createLiveTable(terminal.out, terminal.env, { wide });
  const refresh = async () => {
    const list = await client.apps();
    table.update(
      args.length === 0 ? list : { ...list, apps: list.apps.filter(({ name }) => args.includes(name)) },
    );
  };
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const ticking = (async () => {
    for (;;) {
      await delay(refreshMs, undefined, { signal: either });
      await refresh();
    }
  })();
  const following = (async () => {
    for await (const _event of client.events({ signal: either })) await refresh();
    throw new UnreachableError('ENDED', 'Drowse ended the stream of events.');
  })();
  table.update(first);
  try {
    await Promise.race([ticking, following]);
  } finally {
    stop.abort();
    await Promise.allSettled([ticking, following]);
    table.close();
  }
}

async function watchLines(
  { terminal, args }: Invocation,
  client: Client,
  first: AppList,
  format: Format,
): Promise<void> {
  const { out, env, signal } = terminal;
  const options = { wide: format === 'wide', width: null, colors: colorsOf(out, env) };
  const [title = '', ...rows] = appTable(first, options);
  if (format === 'json') for (const app of first.apps) line(out, JSON.stringify(app));
  else for (const text of [title, ...rows]) line(out, text);
  for await (const { event } of client.events({ signal })) {
    if (event.type === 'opened') continue;
    if (event.type === 'reset') {
      for (const app of (await client.apps()).apps)
        if (wanted(args, app.name)) line(out, JSON.stringify(app));
    } else if (event.type === 'removed') {
      if (wanted(args, event.name))
        line(out, format === 'json' ? JSON.stringify(event) : `${event.name}  removed`);
    } else if (wanted(args, event.app.name)) {
      const row = appTable({ now: event.at, apps: [event.app] }, options)[1] ?? '';
      line(out, format === 'json' ? JSON.stringify(event.app) : row);
    }
  }
}

function wanted(names: readonly string[], name: string): boolean {
  return names.length === 0 || names.includes(name);
}
