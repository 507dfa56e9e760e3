import { setTimeout as delay } from 'node:timers/promises';
import type { App, AppList } from '../../api/contract.ts';
import { UnreachableError, type Client } from '../../api/client.ts';
import { createLiveTable } from '../table.ts';
import { stateLine } from './state-line.ts';
import { line, printable, printableJson, type Terminal } from './terminal.ts';

export interface Watched {
  readonly terminal: Terminal;
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly read: () => Promise<AppList>;
}

const refreshMs = 1000;

/** Redraws each second, for countdowns and counts, and at once on each change. Ends only with an error. */
export async function watchTable(watched: Watched, first: AppList, wide: boolean): Promise<void> {
  const { terminal, client } = watched;
  const stop = new AbortController();
  const signal = AbortSignal.any([watched.signal, stop.signal]);
  const table = createLiveTable(terminal.out, terminal.env, { wide });
  table.update(first);
  const refresh = coalesced(async () => table.update(await watched.read()));
  const ticking = (async () => {
    for (;;) {
      await delay(refreshMs, undefined, { signal });
      await refresh();
    }
  })();
  const following = (async () => {
    for await (const _event of client.events({ signal })) await refresh();
    throw ended();
  })();
  try {
    await Promise.race([ticking, following]);
  } finally {
    stop.abort();
    await Promise.allSettled([ticking, following]);
    table.close();
  }
}

/** One at a time: whoever asks in between shares the next. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = () => {
    next = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null) return start();
    next ??= running.then(start, start);
    return next;
  };
}

/** A line for each app, then one for each change: the instant, the name, the state; or the app as one line of JSON. */
export async function watchLines(watched: Watched, names: readonly string[], json: boolean): Promise<void> {
  const { client, signal, terminal } = watched;
  const last = new Map<string, string>();
  const write = (app: App, at: string) => {
    if (json) return line(terminal.out, printableJson(JSON.stringify(app)));
    // Counts change too; a line is for a change of the state.
    if (last.get(app.name) !== app.state)
      line(terminal.out, stateLine(app, at, app.failure?.message ?? null));
    last.set(app.name, app.state);
  };
  const wanted = (name: string) => names.length === 0 || names.includes(name);
  for await (const { event } of client.events({ signal })) {
    if (event.type === 'app') {
      if (wanted(event.app.name)) write(event.app, event.at);
    } else if (event.type === 'removed') {
      last.delete(event.name);
      if (wanted(event.name))
        line(
          terminal.out,
          json ? printableJson(JSON.stringify(event)) : `${event.at} ${printable(event.name)} removed`,
        );
    } else {
      // The stream has just opened, or has lost something: from here on nothing is missed.
      for (const app of (await watched.read()).apps) write(app, app.since);
    }
  }
  throw ended();
}

function ended(): UnreachableError {
  return new UnreachableError('ENDED', 'Drowse has ended, or was too busy to go on telling.');
}
