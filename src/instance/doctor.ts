import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Finding } from '../api/ports.ts';
import type { Control } from '../control/control.ts';
import type { AppStatus } from '../control/status.ts';

/** `drowse doctor`: what is wrong, or may become so, with the installation as it stands; each finding with its cure. */
export async function examine(control: Control, stateDir: string): Promise<readonly Finding[]> {
  const perApp = await Promise.all(control.list().map(examineApp));
  return [...examineMachine(process.platform), ...(await examineState(stateDir)), ...perApp.flat()];
}

/** What Linux tells of processes, other systems do not (`createNodeHost`). */
export function examineMachine(platform: NodeJS.Platform): Finding[] {
  if (platform === 'linux') return [finding('ok', 'platform', null, 'Linux: everything works.', null)];
  const message = `On ${platform} the memory and CPU of apps are unknown, a start that fails does not say where the process listens instead, and processes left over from a killed Drowse are neither recognised nor ended.`;
  return [finding('warning', 'platform', null, message, 'After a kill -9 of Drowse, end its apps by hand.')];
}

async function examineState(stateDir: string): Promise<Finding[]> {
  const writable = await isAllowed(stateDir, constants.W_OK);
  return [
    writable
      ? finding('ok', 'state', null, `The state directory ${stateDir} is writable.`, null)
      : finding(
          'error',
          'state',
          null,
          `The state directory ${stateDir} is not writable: pins and saved counts are lost at a restart.`,
          'Give this user write access, or name another with --state-dir.',
        ),
  ];
}

async function examineApp(status: AppStatus): Promise<Finding[]> {
  const { name } = status.spec;
  const found: Finding[] = [];
  if (status.problem !== null)
    found.push(finding('error', 'listen', name, status.problem.message, 'It is tried again by itself.'));
  if (!(await isAllowed(status.spec.cwd, constants.R_OK)))
    found.push(
      finding(
        'error',
        'directory',
        name,
        `The working directory ${status.spec.cwd} cannot be read.`,
        'Create it, or correct `directory`.',
      ),
    );
  const program = await examineProgram(status);
  if (program !== null) found.push(program);
  // A program that is not there says all that its failure would say again.
  if (status.failure !== null && program === null)
    found.push(
      finding(
        'error',
        'wake',
        name,
        status.failure.cause.message,
        `See \`drowse why ${name}\` and \`drowse logs ${name}\`.`,
      ),
    );
  if (status.spec.sleepAfterMs === null && status.spec.schedule.length === 0)
    found.push(
      finding(
        'warning',
        'never-sleeps',
        name,
        'Idleness never puts it to sleep (`sleepAfter: never`).',
        null,
      ),
    );
  return found.length > 0 ? found : [finding('ok', 'app', name, 'Nothing to complain about.', null)];
}

async function examineProgram({ spec }: AppStatus): Promise<Finding | null> {
  if (spec.command.kind === 'shell') return null;
  const [file] = spec.command.argv;
  const folders = file.includes('/')
    ? ['']
    : (spec.env['PATH'] ?? process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.map((folder) =>
    isAbsolute(file) ? file : folder === '' ? resolve(spec.cwd, file) : join(folder, file),
  );
  const executable = await Promise.all(candidates.map((path) => isAllowed(path, constants.X_OK)));
  if (executable.includes(true)) return null;
  return finding(
    'error',
    'command',
    spec.name,
    `The command ${file} is not there, or may not be executed.`,
    'Install it, or correct `command`.',
  );
}

function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function finding(
  level: Finding['level'],
  check: string,
  app: string | null,
  message: string,
  cure: string | null,
): Finding {
  return { level, check, app, message, cure };
}
