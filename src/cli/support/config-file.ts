import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError } from './command.ts';

export const configFileName = 'drowse.yaml';

/** The configuration in this folder or the nearest one above it; `null` where there is none. */
export function nearestConfig(folder: string): string | null {
  const path = join(folder, configFileName);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  const parent = dirname(folder);
  return parent === folder ? null : nearestConfig(parent);
}

const smallest = `  apps:
    hello:
      command: python3 -m http.server $PORT --bind 127.0.0.1
      port: 8080`;

/** The configuration that was named, or the nearest one; absolute. Throws where there is none. */
export function requireConfig(file: string | null, cwd: string): string {
  if (file !== null) return resolve(cwd, file);
  const found = nearestConfig(cwd);
  if (found === null) {
    throw new CliError(
      'usage',
      `There is no ${configFileName} in ${cwd} or above it. Name one with -f, or write one:\n\n${smallest}`,
    );
  }
  return found;
}

/**
 * Links are followed, so that every name of a file means the same Drowse; but not from the volume of a Kubernetes ConfigMap into its `..data`, which is another folder after each
 * change of the map. A file that is not there keeps its name.
 */
export function resolveConfig(path: string): string {
  try {
    const folder = realpathSync(dirname(path));
    const named = join(folder, basename(path));
    return isInConfigMap(named) ? named : realpathSync(named);
  } catch {
    return path;
  }
}

/** https://pkg.go.dev/k8s.io/kubernetes/pkg/volume/util#AtomicWriter */
function isInConfigMap(path: string): boolean {
  const link = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : '';
  return link.startsWith('..data/');
}
