import type { AppSettings } from '../../api/contract.ts';
import { row } from './describe-row.ts';
import { formatDuration, none } from './format.ts';

/** What is configured; of the environment names only. */
export function settingsRows(given: AppSettings): string[] {
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
