import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { findInstance, listInstances, type InstanceInfo } from '../../api/discovery.ts';
import { CliError } from './command.ts';
import { nearestConfig, resolveConfig } from './config-file.ts';
import type { Terminal } from './terminal.ts';

/** The Drowse that runs the configuration `file` (`null`: not named), seen from a folder. Rejects with `CliError` where there is none, or not one only. */
export async function findRunning(
  file: string | null,
  cwd: string,
  env: Terminal['env'],
): Promise<InstanceInfo> {
  const configFile = file === null ? nearestConfig(cwd) : resolve(cwd, file);
  const configPath = configFile === null ? null : resolveConfig(configFile);
  const instance = configPath === null ? null : await findInstance(configPath, env);
  if (instance !== null) return instance;
  const running = await listInstances(env);
  const below = file === null ? runningBelow(cwd, configPath, running) : [];
  const meant = configPath === null && below.length === 0 ? running : below;
  const [only, ...more] = meant;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined) throw ambiguous(meant, meant.length < running.length ? ` below ${cwd}` : '');
  throw new CliError('not-running', whyNoneRuns(configPath, running));
}

/**
 * Those that run something below the folder, as the demo in a clone. A file beside the one that is meant by default is another choice, not a part of it: somebody would put the
 * apps of the wrong one to sleep.
 */
function runningBelow(
  folder: string,
  configPath: string | null,
  running: readonly InstanceInfo[],
): readonly InstanceInfo[] {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return running.filter(
    (one) =>
      one.configPath.startsWith(start) &&
      (configPath === null || dirname(one.configPath) !== dirname(configPath)),
  );
}

function ambiguous(meant: readonly InstanceInfo[], where: string): CliError {
  return new CliError(
    'usage',
    `Several Drowses run${where}. Say which one with -f, before the command (drowse -f FILE get):\n${describe(meant)}`,
  );
}

function whyNoneRuns(configPath: string | null, running: readonly InstanceInfo[]): string {
  if (configPath === null) return 'No Drowse is running. Start one: drowse up';
  const what = existsSync(configPath)
    ? `No Drowse runs ${configPath}. Start it: drowse up -f ${configPath}`
    : `There is no file ${configPath}, and no Drowse runs it.`;
  return running.length === 0 ? what : `${what}\nOthers run:\n${describe(running)}`;
}

function describe(instances: readonly InstanceInfo[]): string {
  return instances.map(({ configPath, url }) => `  ${configPath}  (${url})`).join('\n');
}
