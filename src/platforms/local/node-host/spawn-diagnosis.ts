import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { SpawnResult } from '../host.ts';

type SpawnError = Extract<SpawnResult, { ok: false }>;

/**
 * Why a spawn failed, for a person. Asked only after it has failed: the system says ENOENT alike for a missing command, a missing interpreter and a missing working
 * directory. `path` is PATH as the process would have had it.
 */
export function diagnoseSpawn(file: string, cwd: string, path: string, code: string): SpawnError {
  if (!isDirectory(cwd)) {
    return failed(
      'ENOTDIR',
      `The working directory ${cwd} does not exist or is no directory; create it, or correct \`cwd\`.`,
    );
  }
  const candidates = file.includes('/')
    ? [resolve(cwd, file)]
    : path.split(delimiter).map((directory) => resolve(cwd, directory, file));
  const existing = candidates.filter(
    (candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined,
  );
  const [first] = existing;
  if (first === undefined) return failed('ENOENT', notFound(file, cwd));
  const executable = existing.find(isExecutable);
  if (executable === undefined) return failed('EACCES', notExecutable(first));
  if (code === 'ENOENT') return failed('ENOENT', missingInterpreter(executable));
  if (code === 'EACCES')
    return failed(
      'EACCES',
      `The system does not allow ${executable} to be executed (its file system may be mounted noexec).`,
    );
  return failed(code, `The system could not start ${executable}: ${code}.`);
}

function failed(code: string, message: string): SpawnError {
  return { ok: false, code, message };
}

function notFound(file: string, cwd: string): string {
  if (file.includes('/'))
    return `The command ${resolve(cwd, file)} does not exist; correct the path, or build or install it.`;
  // Not the folders themselves: clients of the app read this too.
  return `The command ${file} was not found in PATH; install it, or write its full path.`;
}

function notExecutable(file: string): string {
  if (isDirectory(file)) return `The command ${file} is a directory; name the program in it.`;
  return `The command ${file} is not executable; try \`chmod +x ${file}\`, or name its interpreter in front.`;
}

function missingInterpreter(file: string): string {
  const line = /^#!\s*(\S+)/.exec(firstBytes(file))?.[1];
  const what = line === undefined ? 'its loader' : `its interpreter ${line}`;
  return `The command ${file} exists, but ${what} does not; install it, or correct the first line of the file.`;
}

function firstBytes(file: string): string {
  try {
    return readFileSync(file).subarray(0, 256).toString('latin1');
  } catch {
    return '';
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return !isDirectory(path);
  } catch {
    return false;
  }
}
