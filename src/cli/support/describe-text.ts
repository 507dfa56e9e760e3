import type { AppDetail, AppSettings } from '../../api/contract.ts';
import { addressOf } from './app-table.ts';
import { ago, between, formatBytes, formatDuration, formatInstant, inTime, none, unknown } from './format.ts';
import { printable } from './terminal.ts';

/** What `describe` prints: facts by section. */
export function describeText(detail: AppDetail): string[] {
  const sections = [state(detail), settings(detail.settings), replicas(detail), counters(detail)];
  return sections
    .flatMap((section, index) => (index === 0 || section.length === 0 ? section : ['', ...section]))
    .map(printable);
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
          row('Failure', `${app.failure.message} [${app.failure.code}]`),
          ...app.failure.output.map((text) => `  | ${text}`),
        ]),
  ];
}

function settings(given: AppSettings): string[] {
  const { hold } = given;
  return [
    'Settings',
    ...runs(given.runs),
    row(
      '  Sleeps after',
      given.sleepAfterMs === null ? 'never by idleness' : `${formatDuration(given.sleepAfterMs)} idle`,
    ),
    row('  Schedule', given.schedule.length === 0 ? none : given.schedule.join('; ')),
    row('  Replicas', `${given.minReplicas} to ${given.maxReplicas}`),
    row(
      '  Concurrency',
      given.maxConcurrency === null ? 'no limit' : `${given.maxConcurrency} at each replica`,
    ),
    row('  Start', `at most ${formatDuration(given.startTimeoutMs)}`),
    row(
      '  Hold',
      `at most ${hold.max}, for ${formatDuration(hold.timeoutMs)}${hold.waitingPage ? ', waiting page for browsers' : ''}`,
    ),
    ...given.noWake.map((rule) => row('  Does not wake', rule)),
    row('  Depends on', given.dependsOn.length === 0 ? none : given.dependsOn.join(', ')),
  ];
}

function runs(given: AppSettings['runs']): string[] {
  if (given.kind === 'workload') {
    const { kind, namespace, name } = given.target;
    return [row('  Runs', `${kind} ${namespace}/${name}`)];
  }
  const { command, cwd, environment, ready, stop } = given;
  return [
    row('  Command', command),
    row('  Folder', cwd),
    row(
      '  Environment',
      environment.length === 0 ? none : `${environment.join(', ')} (values are not shown)`,
    ),
    row('  Ready when', ready),
    row('  Stop', `${stop.signal}, SIGKILL after ${formatDuration(stop.graceMs)}`),
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

function row(label: string, value: string): string {
  return `${label}:`.padEnd(18) + value;
}

function count(value: number | null): string {
  return value === null ? unknown : String(value);
}

function duration(ms: number | null): string {
  return ms === null ? none : formatDuration(ms);
}
