import type { ProcessApp, Readiness } from '../../core/app.ts';
import type { Failure, FailureCode } from '../../core/failure.ts';
import type { SpawnResult } from './host.ts';
import { correction } from './start-advice.ts';

/** Lines of output that a failure carries. */
export const outputLines = 20;

const spawnCodes = new Map<string, FailureCode>([
  ['ENOENT', 'command-not-found'],
  ['EACCES', 'not-executable'],
  ['ENOTDIR', 'bad-working-directory'],
]);

export function spawnFailure(result: Extract<SpawnResult, { ok: false }>): Failure {
  const code = spawnCodes.get(result.code) ?? 'spawn-failed';
  return { code, message: result.message, output: [], permanent: code !== 'spawn-failed' };
}

export function noFreePort(): Failure {
  const message = 'No free TCP port was found for the process; free some, or give the app a fixed port.';
  return { code: 'spawn-failed', message, output: [], permanent: false };
}

export function badPattern(pattern: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The readiness pattern ${JSON.stringify(pattern)} is no regular expression: ${reason}`;
  return { code: 'not-ready', message, output: [], permanent: true };
}

export function portInUse(port: number, output: readonly string[]): Failure {
  const message =
    `Another process on this machine already listens on port ${port}, where this app is to listen. ` +
    'Stop it, or let Drowse pick a free port with `${PORT}`.';
  return { code: 'target-port-in-use', message, output, permanent: false };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The leader ended by itself. `ready`: it had been serving. */
export function exitFailure(
  app: ProcessApp,
  exit: Exit,
  ready: boolean,
  livedMs: number,
  output: readonly string[],
): Failure {
  const shell = app.command.kind === 'shell' && !ready ? shellCodes.get(exit.code ?? -1) : undefined;
  if (shell) return { ...shell, output, permanent: true };
  const how =
    exit.signal === null ? `exited with code ${exit.code ?? 'unknown'}` : `was ended by ${exit.signal}`;
  const when = ready ? 'while it was serving' : 'before it was ready';
  const hint =
    !ready && exit.code === 0
      ? ' A command that goes to the background must be told to stay in the foreground.'
      : '';
  const message = `The process ${how}, ${seconds(livedMs)} after its start and ${when}.${hint}`;
  return { code: 'exited', message, output, permanent: false };
}

/** What POSIX shells say of a command that they cannot run. */
const shellCodes = new Map<number, Pick<Failure, 'code' | 'message'>>([
  [
    127,
    {
      code: 'command-not-found',
      message:
        'The shell did not find a command of this line (exit code 127); install it, or write its full path.',
    },
  ],
  [
    126,
    {
      code: 'not-executable',
      message: 'The shell may not execute a command of this line (exit code 126); try `chmod +x` on it.',
    },
  ],
]);

/** `listening`: ports that the process group has open; `null` where that is unknown. */
export function notReady(
  app: ProcessApp,
  port: number,
  listening: readonly number[] | null,
  output: readonly string[],
): Failure {
  const message = `Not ready within ${seconds(app.startTimeoutMs)}: waited for ${waitedFor(app.readiness, port)}.${listens(app, port, listening)}`;
  return { code: 'not-ready', message, output, permanent: false };
}

function waitedFor(readiness: Readiness, port: number): string {
  if (readiness.kind === 'tcp') return `a TCP connection to port ${port}`;
  if (readiness.kind === 'log') return `a line of output that matches ${JSON.stringify(readiness.pattern)}`;
  if (readiness.kind === 'command') return 'the readiness command to exit with code 0';
  return `an HTTP status ${readiness.status ?? '200 to 399'} at port ${port}, path ${readiness.path}`;
}

function listens(app: ProcessApp, port: number, listening: readonly number[] | null): string {
  if (listening === null) return '';
  if (listening.length === 0) return ' The process listens on no TCP port.';
  if (listening.includes(port)) return ` The process does listen on ${port}.`;
  return ` The process listens on ${listening.join(', ')}${correction(app, listening)}.`;
}

function seconds(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : `${Number((durationMs / 1_000).toFixed(1))} s`;
}
