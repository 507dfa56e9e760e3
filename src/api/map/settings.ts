import type { AppSpec, Command, NoWakeRule, ProcessApp, Readiness, ScheduleRule } from '../../core/app.ts';
import type { AppSettings, ProcessSettings } from '../contract.ts';

export function mapSettings(spec: AppSpec): AppSettings {
  const { hold } = spec;
  return {
    runs: spec.kind === 'process' ? mapProcess(spec) : { kind: spec.kind, target: { ...spec.target } },
    sleepAfterMs: spec.sleepAfterMs,
    startTimeoutMs: spec.startTimeoutMs,
    minReplicas: spec.minReplicas,
    maxReplicas: spec.maxReplicas,
    maxConcurrency: spec.maxConcurrency,
    hold: { max: hold.max, timeoutMs: hold.timeoutMs, waitingPage: hold.waitingPage },
    drainTimeoutMs: spec.drainTimeoutMs,
    dependsOn: [...spec.dependsOn],
    schedule: spec.schedule.map(windowText),
    noWake: spec.noWake.map(ruleText),
  };
}

function mapProcess({ command, cwd, env, readiness, stop }: ProcessApp): ProcessSettings {
  return {
    kind: 'process',
    command: commandLine(command),
    cwd,
    environment: Object.keys(env).toSorted(),
    ready: readyText(readiness),
    stop: { signal: stop.signal, graceMs: stop.graceMs },
  };
}

/** As one would type it: words that the shell would split are quoted. */
function commandLine(command: Command): string {
  if (command.kind === 'shell') return command.line;
  return command.argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function windowText({ effect, refuse, source }: ScheduleRule): string {
  return `${effect} ${source}${refuse ? ', and requests are refused' : ''}`;
}

function readyText(readiness: Readiness): string {
  switch (readiness.kind) {
    case 'tcp':
      return 'its port accepts a connection';
    case 'http':
      return `GET ${readiness.path} is answered ${readiness.status ?? '200 to 399'}`;
    case 'log':
      return `it writes a line that matches ${readiness.pattern}`;
    default:
      return `\`${commandLine(readiness.command)}\` exits with 0`;
  }
}

function ruleText({ path, methods, userAgent, sources, answer }: NoWakeRule): string {
  const conditions = [
    ...(methods === null ? [] : [methods.join(' or ')]),
    ...(path === null ? [] : [path]),
    ...(userAgent === null ? [] : [`with ${userAgent}`]),
    ...(sources === null ? [] : [`from ${sources.join(' or ')}`]),
  ];
  return `${conditions.join(' ')}: ${answer.status}`;
}
