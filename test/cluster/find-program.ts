import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The folders where programs are looked for, with those that a shell which became root by `su` leaves out. */
export function withSystemFolders(searched = ''): string {
  return [searched, '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
}

/** Where the program is, looked for along PATH and then in the other folders. */
export function findProgram(name: string, ...others: readonly string[]): string | null {
  return findPrograms(name, ...others)[0] ?? null;
}

/** Everywhere where it is, in that order. */
export function findPrograms(name: string, ...others: readonly string[]): readonly string[] {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...others];
  return folders.map((folder) => path.join(folder, name)).filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
