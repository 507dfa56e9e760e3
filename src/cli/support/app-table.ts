import type { App, AppList, State } from '../../api/contract.ts';
import { between, formatBytes, formatDuration, inTime, none, unknown } from './format.ts';
import { printable, type Colors } from './terminal.ts';
import { renderTable, type Cell, type Column } from './text-table.ts';

interface AppColumn extends Column {
  readonly cell: (app: App, now: string, colors: Colors) => Cell;
}

const column = (
  title: string,
  align: Column['align'],
  dropOrder: number,
  cell: AppColumn['cell'],
  minWidth = 0,
): AppColumn => ({ title, align, dropOrder, cell, minWidth });

const text = (value: string): Cell => ({ text: value });
const count = (value: number | null): Cell => text(value === null ? unknown : String(value));

const narrow: readonly AppColumn[] = [
  column('NAME', 'left', 0, (app) => text(printable(app.name))),
  column(
    'STATE',
    'left',
    0,
    (app, _now, colors) => ({
      text: app.state,
      style: stateStyle(app.state, colors),
    }),
    12,
  ),
  column('REPLICAS', 'right', 5, (app) => text(`${app.replicas.serving}/${app.replicas.desired ?? unknown}`)),
  column('SINCE', 'right', 4, (app, now) => text(formatDuration(between(app.since, now))), 6),
  column('NEXT', 'left', 1, (app, now) => text(nextOf(app, now)), 16),
  column('HELD', 'right', 6, (app) => count(app.held)),
  column('IN-FLIGHT', 'right', 7, (app) => count(app.inFlight)),
  column('USES', 'right', 9, (app) => count(usesOf(app)), 5),
  column('MEM', 'right', 8, (app) => text(app.memoryBytes === null ? none : formatBytes(app.memoryBytes)), 7),
  column('COLD-START', 'right', 10, (app) =>
    text(app.lastColdStartMs === null ? none : formatDuration(app.lastColdStartMs)),
  ),
  column('ADDRESS', 'left', 3, (app) => text(app.ports.map(addressOf).join(' '))),
];

const wide: readonly AppColumn[] = [
  ...narrow,
  column('CONNECTIONS', 'right', 14, (app) => count(app.connections)),
  column('CPU', 'right', 13, (app) =>
    text(app.cpuSeconds === null ? none : formatDuration(app.cpuSeconds * 1000)),
  ),
  column('LAST-USE', 'right', 11, (app, now) =>
    text(app.lastUseAt === null ? none : formatDuration(between(app.lastUseAt, now))),
  ),
  column('PINNED', 'left', 12, (app) => text(app.pinned === null ? none : printable(app.pinned.by))),
];

/** The table of `get`; `width` `null` for a file or a pipe. */
export function appTable(
  list: AppList,
  options: { readonly wide: boolean; readonly width: number | null; readonly colors: Colors },
): string[] {
  const columns = options.wide ? wide : narrow;
  const rows = list.apps.map((app) => columns.map(({ cell }) => cell(app, list.now, options.colors)));
  return renderTable(columns, rows, options.width);
}

/** Requests; connections where none are counted, as over TCP, TLS and HTTP/2. */
function usesOf({ requests, connections, ports }: App): number | null {
  const counted = ports.some(({ protocol }) => protocol !== 'tcp');
  const onlyHttp = ports.every(({ protocol }) => protocol === 'http');
  return counted && (requests !== 0 || onlyHttp) ? requests : connections;
}

/** What comes by itself, with a countdown. */
function nextOf(app: App, now: string): string {
  if (app.listenProblem !== null) return `no port, retry ${inTime(now, app.listenProblem.retryAt)}`;
  if (app.failure?.retryAt && app.replicas.desired !== 0) return `retry ${inTime(now, app.failure.retryAt)}`;
  if (app.pinned !== null)
    return app.pinned.until === null ? 'pinned' : `pinned ${formatDuration(between(now, app.pinned.until))}`;
  if (app.next === null && app.state === 'awake' && (app.inFlight ?? 0) > 0) return 'in use';
  return app.next === null ? none : `${app.next.what} ${inTime(now, app.next.at)}`;
}

export function addressOf({ host, port, protocol }: App['ports'][number]): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return protocol === 'tcp' ? `${shown}:${port}` : `http://${shown}:${port}`;
}

/** The word says it; the colour only helps to find it. */
function stateStyle(state: State, colors: Colors): (text: string) => string {
  if (state === 'awake') return colors.green;
  if (state === 'failed') return colors.red;
  return state === 'asleep' ? colors.dim : colors.yellow;
}
