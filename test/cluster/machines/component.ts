import path from 'node:path';
import { runInMachine, type Machine } from './machine.ts';

/** A program that goes on running in a machine, under a name. */
export interface Component {
  readonly name: string;
  readonly argv: readonly string[];
}

export function logOf(machine: Machine, name: string): string {
  return path.join(machine.folder, 'log', `${name}.log`);
}

/** Starts it in the background, its output going to its log. Its id is one in the machine, where nobody else's process can have it. */
export async function startComponent(machine: Machine, { name, argv }: Component): Promise<void> {
  const script = 'name=$1; shift; setsid "$@" >>"log/$name.log" 2>&1 </dev/null & echo $! >"$name.pid"';
  await runInMachine(machine, script, name, ...argv);
}

export async function isRunning(machine: Machine, name: string): Promise<boolean> {
  return (await runInMachine(machine, 'kill -0 "$(cat "$1.pid")" && echo yes || echo no', name)) === 'yes';
}

/** SIGSTOP freezes a component as if its machine had no time for it; SIGCONT lets it go on where it was. */
export async function signalComponent(
  machine: Machine,
  name: string,
  signal: 'STOP' | 'CONT' | 'TERM' | 'KILL',
): Promise<void> {
  await runInMachine(machine, 'kill -"$1" "$(cat "$2.pid")"', signal, name);
}
