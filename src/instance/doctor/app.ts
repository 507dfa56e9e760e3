import { constants } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Finding } from '../../api/ports.ts';
import { instant } from '../../api/map/instant.ts';
import { formatInstant } from '../../cli/support/format.ts';
import type { ProcessApp } from '../../core/app.ts';
import type { AppStatus, LastFailure } from '../../control/status.ts';
import { systemClock } from '../../system/clock.ts';
import { isAllowed } from './allowed.ts';
import { error, ok, warning } from './finding.ts';

/** What is wrong with one app, or may become so; one finding that all is well where nothing is. */
export async function examineApp(
  status: AppStatus,
  lastFailure: LastFailure | null,
): Promise<readonly Finding[]> {
  const program = status.spec.kind === 'process' ? await examineProgram(status.spec) : [];
  const found = [
    ...examinePorts(status),
    ...(status.spec.kind === 'process' ? await examineDirectory(status.spec) : []),
    ...program,
    // A program that is not there says all that its failure would say again.
    ...(program.length === 0 ? examineFailure(status, lastFailure) : []),
    ...examineTimes(status),
  ];
  return found.length > 0 ? found : [ok('app', status.spec.name, 'Nothing to complain about.')];
}

function examinePorts({ spec, problem }: AppStatus): Finding[] {
  return problem === null
    ? []
    : [error('listen', spec.name, problem.message, 'It is tried again by itself.')];
}

async function examineDirectory(spec: ProcessApp): Promise<Finding[]> {
  if (await isAllowed(spec.cwd, constants.R_OK)) return [];
  const message = `The working directory ${spec.cwd} cannot be read.`;
  return [error('directory', spec.name, message, 'Create it, or correct `directory`.')];
}

async function examineProgram(spec: ProcessApp): Promise<Finding[]> {
  if (spec.command.kind === 'shell') return [];
  const [file] = spec.command.argv;
  const folders = file.includes('/')
    ? ['']
    : (spec.env['PATH'] ?? process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.map((folder) =>
    isAbsolute(file) ? file : folder === '' ? resolve(spec.cwd, file) : join(folder, file),
  );
  const executable = await Promise.all(candidates.map((path) => isAllowed(path, constants.X_OK)));
  if (executable.includes(true)) return [];
  const message = `The command ${file} is not there, or may not be executed.`;
  return [error('command', spec.name, message, 'Install it, or correct `command`.')];
}

/** One that has failed is an error; one that will be tried again, or is up after many attempts, may become one. */
function examineFailure({ spec, failure, attempts }: AppStatus, last: LastFailure | null): Finding[] {
  const cure = `See \`drowse why ${spec.name}\` and \`drowse logs ${spec.name}\`.`;
  const tries = attempts > 1 ? ` ${attempts} attempts in a row have failed.` : '';
  if (failure !== null) return [error('wake', spec.name, `${failure.cause.message}${tries}`, cure)];
  if (last === null || (last.recoveredAtWallMs !== null && attempts === 0)) return [];
  const since = last.recoveredAtWallMs === null ? 'it has not served since' : 'it has not served for long';
  const at = formatInstant(instant(last.atWallMs), instant(systemClock.wallMs()));
  const message = `It failed at ${at}, and ${since}: ${last.cause.message}${tries}`;
  return [warning('wake', spec.name, message, cure)];
}

function examineTimes({ spec }: AppStatus): Finding[] {
  const found: Finding[] = [];
  if (spec.sleepAfterMs === null && spec.schedule.length === 0) {
    const message = 'Idleness never puts it to sleep (`sleepAfter: never`).';
    found.push(warning('never-sleeps', spec.name, message, null));
  }
  if (spec.hold.timeoutMs < spec.startTimeoutMs) {
    const message = `Visitors wait for ${spec.hold.timeoutMs / 1000} s, and a start may take ${spec.startTimeoutMs / 1000} s: the first ones may get a 504 while it starts.`;
    found.push(warning('hold-timeout', spec.name, message, 'Make `hold.timeout` as long as `startTimeout`.'));
  }
  return found;
}
