import type { AppDetail } from '../../api/contract.ts';
import { addressOf } from './app-table.ts';
import { ago, between, formatBytes, formatDuration, formatInstant, inTime, none, unknown } from './format.ts';
import { fittedRow, row } from './describe-row.ts';
import { settingsRows } from './describe-settings.ts';
import { retrySentence } from './retry.ts';
import { printable } from './terminal.ts';

/** What `describe` prints: facts by section, no wider than `width`. */
export function describeText(detail: AppDetail, width: number): string[] {
  const sections = [state(detail), settingsRows(detail.settings), replicas(detail), counters(detail)];
  return sections
    .flatMap((section, index) => (index === 0 || section.length === 0 ? section : ['', ...section]))
    .map(printable)
    .flatMap((line) => fittedRow(line, width));
}

function state(detail: AppDetail): string[] {
  const { app, now, coldStarts } = detail;
  return [
    row('Name', app.name),
    row(
      'State',
      `${app.state} since ${formatInstant(app.since, now)} (${formatDuration(between(app.since, now))})`,
    ),
    ...app.ports.map((port) => row(`Port ${port.name}`, `${addressOf(port)} (${port.protocol})`)),
    ...(app.listenProblem === null
      ? []
      : [
          row(
            'No port',
            `${app.listenProblem.message} Tried again ${inTime(now, app.listenProblem.retryAt)}.`,
          ),
        ]),
    row(
      'Next',
      app.next === null ? none : `${app.next.what} ${inTime(now, app.next.at)}: ${app.next.because}`,
    ),
    ...(detail.startAdvice === null ? [] : [row('Start', detail.startAdvice)]),
    row(
      'Pinned',
      app.pinned === null
        ? none
        : `by ${app.pinned.by}${app.pinned.until === null ? '' : `, until ${formatInstant(app.pinned.until, now)}`}`,
    ),
    row('Held', count(app.held)),
    row('In flight', count(app.inFlight)),
    row('Last use', app.lastUseAt === null ? none : ago(app.lastUseAt, now)),
    row('Memory', app.memoryBytes === null ? none : formatBytes(app.memoryBytes)),
    row(
      'Cold starts',
      `${coldStarts.count}, median ${duration(coldStarts.p50Ms)}, p95 ${duration(coldStarts.p95Ms)}, last ${duration(coldStarts.lastMs)}`,
    ),
    ...(app.failure === null
      ? []
      : [
          row(
            'Failure',
            `${app.failure.message} [${app.failure.code}] ${retrySentence(app.replicas, app.failure.retryAt, now)}`,
          ),
          ...app.failure.output.map((text) => `  | ${text}`),
        ]),
  ];
}

function replicas({ replicas: list, now }: AppDetail): string[] {
  if (list.length === 0) return [];
  return [
    'Replicas',
    ...list.map(({ id, phase, pid, addresses, startedAt }) => {
      const where = addresses.map(({ host, port }) => `${host}:${port}`).join(' ');
      const age = startedAt === null ? '' : `, ${formatDuration(between(startedAt, now))} old`;
      return row(`  ${id}`, `${phase}, pid ${pid ?? unknown}, ${where}${age}`);
    }),
  ];
}

function counters({ counters: totals }: AppDetail): string[] {
  if (totals === null) return [];
  return [
    'Since Drowse took charge of it',
    row('  Connections', String(totals.connections)),
    row('  Requests', String(totals.requests)),
    row('  Had to wait', String(totals.held)),
    row('  Responses', listed(totals.responses)),
    row('  Refused', listed(totals.refused)),
    row('  No-wake rules', String(totals.noWake)),
    row('  Sent again', String(totals.retries)),
    row('  Bytes in, out', `${formatBytes(totals.bytesIn)}, ${formatBytes(totals.bytesOut)}`),
  ];
}

/** Those that are not 0. */
function listed(record: Readonly<Record<string, number>>): string {
  const given = Object.entries(record).filter(([, value]) => value > 0);
  return given.length === 0 ? '0' : given.map(([key, value]) => `${key} ${value}`).join(', ');
}

function count(value: number | null): string {
  return value === null ? unknown : String(value);
}

function duration(ms: number | null): string {
  return ms === null ? none : formatDuration(ms);
}
