import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../real/programs.ts';
import { eventually } from '../eventually.ts';
import { childOf, recordedPid, recordingItself } from './record.ts';
import { machineFolder, setUpScript } from './set-up.ts';

/**
 * A machine of the cluster: namespaces of its own for the network, mounts, processes, IPC and the host name. Its first process keeps them; when that ends, the
 * kernel ends every process in it, pods and all, and takes the mounts and devices away with it.
 */
export interface Machine {
  readonly name: string;
  /** On the host; from within it is `/run/machine`. */
  readonly folder: string;
  /** Its first process, as the host knows it. */
  readonly pid: number;
}

const startLimitMs = 10_000;
const endLimitMs = 20_000;

/** Starts a machine, or says which log tells why it did not. */
export async function startMachine(folder: string): Promise<Machine> {
  const name = path.basename(folder);
  await mkdir(path.join(folder, 'log'), { recursive: true });
  const log = path.join(folder, 'log/machine.log');
  spawnHolder(folder, name, log);
  return eventually(async () => (existsSync(path.join(folder, 'started')) ? findMachine(folder) : null), {
    limitMs: startLimitMs,
    else: () =>
      `machine ${name} did not start; ${log} ends with:\n${readFileSync(log, 'utf8').slice(-2_000)}`,
  });
}

function spawnHolder(folder: string, name: string, log: string): void {
  const output = openSync(log, 'a');
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--mount-proc'];
  const argv = ['unshare', ...namespaces, '--kill-child=KILL', '--propagation', 'private'];
  const [file = '', ...args] = recordingItself(path.join(folder, 'holder'), [
    ...argv,
    ...setUpScript(folder, name),
  ]);
  // A session of its own: an interrupt from the keyboard is for the command, which then takes the cluster down in order.
  spawn(file, args, { detached: true, stdio: ['ignore', output, output] }).unref();
  closeSync(output);
}

/** The machine of this folder, if it runs. */
export function findMachine(folder: string): Machine | null {
  const holder = recordedPid(path.join(folder, 'holder'));
  const pid = holder === null ? null : childOf(holder);
  return pid === null ? null : { name: path.basename(folder), folder, pid };
}

/** Ends a machine and everything in it. Resolves when all of it is gone; nothing happens where it does not run. */
export async function endMachine(folder: string): Promise<void> {
  const holder = recordedPid(path.join(folder, 'holder'));
  if (holder === null) return;
  const first = childOf(holder);
  process.kill(holder, 'SIGKILL');
  if (first !== null) await ended(first, path.basename(folder));
}

/** The first process of a pid namespace is gone only after all others in it. */
async function ended(pid: number, name: string): Promise<void> {
  const gone = async () => (existsSync(`/proc/${pid}`) ? null : true);
  await eventually(gone, {
    limitMs: endLimitMs,
    else: () => `Machine ${name} was killed, but its process ${pid} is still there`,
  });
}

/** The command as it must be called on the host to run in the machine. */
export function inMachine({ pid }: Machine, argv: readonly string[]): string[] {
  const target = ['--target', String(pid)];
  return ['nsenter', ...target, '--mount', '--net', '--pid', '--ipc', '--uts', '--', ...argv];
}

/** The same with the files and processes of the host: for a client of the network. */
export function inNetworkOf({ pid }: Pick<Machine, 'pid'>, argv: readonly string[]): string[] {
  return ['nsenter', '--target', String(pid), '--net', '--', ...argv];
}

/** A shell script in the machine, `$1` and on being the arguments. */
export function runInMachine(machine: Machine, script: string, ...args: readonly string[]): Promise<string> {
  const inside = ['/bin/sh', '-e', '-c', `cd ${machineFolder}\n${script}`, 'sh', ...args];
  return run(inMachine(machine, inside));
}
