import { execFile } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';

/** Where Debian keeps servers that it does not put on everybody's path. */
const folders = [
  ...(process.env['PATH'] ?? '').split(':'),
  '/usr/sbin',
  '/usr/local/sbin',
  ...globSync('/usr/lib/postgresql/*/bin'),
];

/** The absolute path of an installed program. A missing one is a failure, never a reason to skip. */
export function program(name: string): string {
  const found = folders.map((folder) => path.join(folder, name)).find(isExecutable);
  if (found === undefined) throw new Error(`${name} is not installed. Run: sudo .ci/install-real-servers`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command, as a user of this name where the tests run as root: some servers refuse root. `setpriv` replaces itself, so signals arrive. */
export function asUser(user: string, argv: readonly string[]): string[] {
  if (process.getuid?.() !== 0) return [...argv];
  return [program('setpriv'), `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...argv];
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

/** Runs a command to its end and returns its output without white space around it. Rejects, with all that it wrote, when it fails. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = '', ...args] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const settings = {
    env: { ...process.env, ...options.env },
    timeout: options.limitMs ?? 60_000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 << 20,
  } as const;
  const child = execFile(file, args, settings, (error, stdout, stderr) => {
    if (error === null) resolve(stdout.trim());
    else
      reject(
        new Error(`${argv.join(' ')} failed (${error.code ?? error.signal ?? ''})\n${stdout}${stderr}`, {
          cause: error,
        }),
      );
  });
  // A command may end without having read its input; its exit code says whether that was right.
  child.stdin?.on('error', () => undefined).end(options.input ?? '');
  return promise;
}
