import { constants } from 'node:fs';
import type { Finding } from '../../api/ports.ts';
import { isAllowed } from './allowed.ts';
import { error, ok, warning } from './finding.ts';

/** What Linux tells of processes, other systems do not (`createNodeHost`). */
export function examinePlatform(platform: NodeJS.Platform): Finding {
  if (platform === 'linux') return ok('platform', null, 'Linux: everything works.');
  const message = `On ${platform} the memory and CPU of apps are unknown, a start that fails does not say where the process listens instead, and processes left over from a killed Drowse are neither recognised nor ended.`;
  return warning('platform', null, message, 'After a kill -9 of Drowse, end its apps by hand.');
}

export async function examineState(stateDir: string): Promise<Finding> {
  if (await isAllowed(stateDir, constants.W_OK))
    return ok('state', null, `The state directory ${stateDir} is writable.`);
  return error(
    'state',
    null,
    `The state directory ${stateDir} is not writable: pins and saved counts are lost at a restart.`,
    'Give this user write access, or name another with --state-dir.',
  );
}

/**
 * Each connection takes two files: one to the client, one to the app.
 *
 * @param limits `/proc/self/limits`; `null` where there is none
 * @param held what the apps may hold at once, at most
 */
export function examineOpenFiles(limits: string | null, held: number): readonly Finding[] {
  const files = /^Max open files\s+(\d+)/mu.exec(limits ?? '')?.[1];
  if (files === undefined || Number(files) >= 2 * held) return [];
  return [
    warning(
      'open-files',
      null,
      `This process may open ${files} files, enough for some ${Math.floor(Number(files) / 2)} connections; an app may hold ${held}.`,
      'Raise the limit (`ulimit -n`, or LimitNOFILE= of the service), or lower `hold.max`.',
    ),
  ];
}
