import type { ProcessApp, HoldSpec, PortSpec, StopSpec } from '../../core/app.ts';
import { builtInApp } from '../built-in.ts';
import type { RawApp } from '../schema/app.ts';
import { resolveCommand } from './command.ts';
import { resolveDuration, resolveSleepAfter } from './durations.ts';
import { interpolate } from './interpolate.ts';
import { resolveNoWake } from './no-wake.ts';
import { warnOfUnknownPlaceholders } from './placeholders.ts';
import { resolvePorts } from './ports.ts';
import { resolveReadiness } from './readiness.ts';
import { resolveSchedule } from './schedule.ts';
import { resolvePath, type Scope } from './scope.ts';

/** Fills in every default and reports what a schema cannot say. Total: a wrong part is replaced by something harmless. */
export function resolveApp(scope: Scope, name: string, raw: RawApp, listenHost: string): ProcessApp {
  const ports = resolvePorts(scope, raw, { host: listenHost, protocol: raw.protocol ?? builtInApp.protocol });
  const command = resolveCommand(scope, raw.command, ['command']);
  if (command.kind === 'argv') {
    command.argv.forEach((part, index) => warnOfUnknownPlaceholders(scope, part, ports, ['command', index]));
  }
  return {
    kind: 'process',
    name,
    command,
    cwd: resolvePath(scope, interpolate(scope, raw.directory ?? builtInApp.directory, ['directory'])),
    env: resolveEnv(scope, raw, ports),
    ports,
    readiness: resolveReadiness(scope, raw.ready ?? builtInApp.ready),
    startTimeoutMs: resolveDuration(
      scope,
      raw.startTimeout ?? builtInApp.startTimeout,
      ['startTimeout'],
      'positive',
    ),
    sleepAfterMs: resolveSleepAfter(scope, raw.sleepAfter ?? builtInApp.sleepAfter),
    schedule: resolveSchedule(scope, raw.schedule ?? []),
    minReplicas: raw.minReplicas ?? builtInApp.minReplicas,
    maxReplicas: raw.maxReplicas ?? builtInApp.maxReplicas,
    maxConcurrency: raw.maxConcurrency ?? null,
    hold: resolveHold(scope, raw),
    stop: resolveStop(scope, raw),
    drainTimeoutMs: resolveDuration(
      scope,
      raw.stop?.drain ?? builtInApp.stop.drain,
      ['stop', 'drain'],
      'any',
    ),
    dependsOn: [...new Set(raw.dependsOn)],
    noWake: resolveNoWake(scope, raw.noWake ?? []),
  };
}

function resolveEnv(scope: Scope, raw: RawApp, ports: readonly PortSpec[]): Readonly<Record<string, string>> {
  const entries = Object.entries(raw.env ?? {}).map(([name, value]) => {
    const path = ['env', name];
    // A number as it is written: 1.10 is a version to its reader, not 1.1.
    const text = interpolate(scope, scope.scalar(path)?.text ?? String(value), path);
    warnOfUnknownPlaceholders(scope, text, ports, path);
    return [name, text] as const;
  });
  const env = Object.fromEntries(entries);
  if (Object.hasOwn(env, 'PORT') && ports[0]?.target === 'assigned' && env['PORT'] !== '${PORT}') {
    scope.report({
      span: scope.key(['env', 'PORT']),
      message: 'PORT is chosen by Drowse',
      hint: `if the process has a fixed port, say so: port: "${ports[0].listen.port}:${env['PORT'] ?? ''}"`,
    });
  }
  return env;
}

function resolveHold(scope: Scope, { hold = {} }: RawApp): HoldSpec {
  const text = hold.timeout ?? builtInApp.hold.timeout;
  return {
    max: hold.max ?? builtInApp.hold.max,
    timeoutMs: resolveDuration(scope, text, ['hold', 'timeout'], 'positive'),
    waitingPage: hold.waitingPage ?? builtInApp.hold.waitingPage,
  };
}

function resolveStop(scope: Scope, { stop = {} }: RawApp): StopSpec {
  return {
    signal: stop.signal ?? builtInApp.stop.signal,
    graceMs: resolveDuration(scope, stop.grace ?? builtInApp.stop.grace, ['stop', 'grace'], 'any'),
  };
}
