import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A process as it recorded itself. The start time tells it from a later process that got the same id. */
interface Recorded {
  readonly pid: number;
  readonly startTime: string;
}

/**
 * The command, by a shell that first writes its own line of /proc into a file, and then becomes the command. So whatever is started is on record before it
 * does anything, even if the one who started it is killed at that moment.
 */
export function recordingItself(file: string, argv: readonly string[]): string[] {
  const script = 'read -r stat </proc/self/stat && echo "$stat" >"$0" && exec "$@"';
  return ['/bin/sh', '-c', script, file, ...argv];
}

/** The id of the recorded process, if it still runs. */
export function recordedPid(file: string): number | null {
  if (!existsSync(file)) return null;
  const recorded = parse(readFileSync(file, 'utf8'));
  if (recorded === null) return null;
  const now = readStat(recorded.pid);
  return now?.startTime === recorded.startTime ? recorded.pid : null;
}

/** The only child of a process. */
export function childOf(pid: number): number | null {
  const children = read(path.join('/proc', String(pid), 'task', String(pid), 'children'));
  const first = Number.parseInt(children ?? '', 10);
  return Number.isNaN(first) ? null : first;
}

function readStat(pid: number): Recorded | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : parse(text);
}

/** proc(5): the id, the name in brackets (which may hold anything), then 20 fields up to the start time. */
function parse(stat: string): Recorded | null {
  const pid = Number.parseInt(stat, 10);
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return Number.isNaN(pid) || startTime === undefined ? null : { pid, startTime: startTime.trim() };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
