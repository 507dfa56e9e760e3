import { isDeepStrictEqual } from 'node:util';
import type { ProcessApp, Command, PortSpec } from '../../core/app.ts';
import type { SpawnRequest } from './host.ts';

/** Names in the environment of every process that Drowse starts: which Drowse (by its state directory), which app, which replica. */
export const markNames = {
  instance: 'DROWSE_INSTANCE',
  app: 'DROWSE_APP',
  replica: 'DROWSE_REPLICA',
} as const;

export interface Marks {
  readonly instance: string;
  readonly replicaId: string;
}

/** `ports`: the numbers on which the process is to listen, in the order of `ProcessApp.ports`. */
export function planLaunch(app: ProcessApp, ports: readonly number[], marks: Marks): SpawnRequest {
  return planCommand(app, app.command, ports, marks);
}

/** Any command in the place and environment of the app: the app itself, or its readiness command. */
export function planCommand(
  app: ProcessApp,
  command: Command,
  ports: readonly number[],
  marks: Marks,
): SpawnRequest {
  const variables = portVariables(app.ports, ports);
  const env: Record<string, string> = { ...variables };
  for (const [name, value] of Object.entries(app.env)) env[name] = substitute(value, variables);
  env[markNames.instance] = marks.instance;
  env[markNames.app] = app.name;
  env[markNames.replica] = marks.replicaId;
  return { ...fileAndArgs(command, variables), cwd: app.cwd, env };
}

/** `PORT` is the main port; `PORT_<NAME>` each of them, in capitals, with `_` for whatever a variable's name may not contain. */
function portVariables(specs: readonly PortSpec[], ports: readonly number[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, port] of ports.entries()) {
    const name = specs[index]?.name ?? String(index);
    if (index === 0) variables['PORT'] = String(port);
    variables[`PORT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`] = String(port);
  }
  return variables;
}

/**
 * A shell line gets no `exec` in front, which would break `a && b`: dash and bash replace themselves with the last command of a line where they can, and
 * where they cannot, the signals go to the whole group anyway.
 */
function fileAndArgs(
  command: Command,
  variables: Record<string, string>,
): Pick<SpawnRequest, 'file' | 'args'> {
  if (command.kind === 'shell') return { file: '/bin/sh', args: ['-c', substitute(command.line, variables)] };
  const [file, ...args] = command.argv;
  return { file: substitute(file, variables), args: args.map((arg) => substitute(arg, variables)) };
}

/** Only our own names: anything else in `${…}` belongs to the shell or to the app. */
function substitute(text: string, variables: Record<string, string>): string {
  if (!text.includes('${PORT')) return text;
  return text.replaceAll(/\$\{(PORT(?:_[A-Z0-9_]+)?)\}/g, (whole, name: string) => variables[name] ?? whole);
}

/**
 * Everything of the configuration that a running process cannot take on later. Two specifications with the same text start the same process; a pure function, so
 * that it may be compared across restarts.
 */
export function startFingerprint({ command, cwd, env, ports }: ProcessApp): string {
  const sortedEnv = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([command, cwd, sortedEnv, ports.map(({ name, target }) => [name, target])]);
}

/** Whether a start under way is pointless by now: another process would be started, or it would be waited for in another way. */
export function startsDifferently(before: ProcessApp, after: ProcessApp): boolean {
  return (
    startFingerprint(before) !== startFingerprint(after) ||
    !isDeepStrictEqual(before.readiness, after.readiness)
  );
}
