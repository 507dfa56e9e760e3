import { execFile } from 'node:child_process';
import type { RunProgram } from './exec-plugin.ts';

/** Logging in to a cloud takes a few seconds at most where nobody has to type anything. */
const longestRunMs = 30_000;
const mostOutputBytes = 1024 * 1024;
const mostShown = 300;

/** Without a terminal, with the environment of this process and more. */
export const runProgram: RunProgram = async (command, args, env) => {
  const options = { env: { ...process.env, ...env }, timeout: longestRunMs, maxBuffer: mostOutputBytes };
  return new Promise((resolve, reject) => {
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(describe(error, stderr)));
    });
    child.stdin?.end();
  });
};

/** Not the message of Node: it repeats the arguments, among which there may be secrets. */
function describe(
  error: { readonly code?: unknown; readonly killed?: boolean | undefined },
  stderr: string,
): string {
  if (error.code === 'ENOENT') return 'there is no such program';
  if (error.killed === true) return `did not end within ${longestRunMs / 1_000} s`;
  const said = stderr.trim().slice(0, mostShown);
  return `exit status ${String(error.code)}${said === '' ? '' : `: ${said}`}`;
}
