import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** One process, from `/proc/<pid>/stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly session: number;
  /** Clock ticks of CPU time, of its own and of the children it has waited for. */
  readonly cpuTicks: number;
  /** Clock ticks from the boot of the machine. */
  readonly startTicks: string;
  readonly residentPages: number;
}

const buffer = Buffer.alloc(64 * 1024);

/** Why there is nothing to read. `unknown` says nothing of the process: no file descriptor is left, say. */
export type Unread = 'gone' | 'forbidden' | 'unknown';

const unreadBecause: Readonly<Record<string, Unread>> = {
  ENOENT: 'gone',
  ESRCH: 'gone',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
};

export function unread(cause: unknown): Unread {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return unreadBecause[code] ?? 'unknown';
}

/** A file of `/proc`, of which at most 64 KiB matter. */
export function readProc(path: string): Buffer | Unread {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    return unread(cause);
  }
  try {
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } catch (cause) {
    return unread(cause);
  } finally {
    closeSync(file);
  }
}

export function readStat(pid: number): ProcessStat | Unread {
  const bytes = readProc(`/proc/${pid}/stat`);
  return typeof bytes === 'string' ? bytes : (parseStat(bytes.toString('latin1')) ?? 'unknown');
}

/** The name of the program is in parentheses and may contain anything, parentheses too: fields are counted from the last one. */
export function parseStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(')');
  if (end === -1) return null;
  const fields = text.slice(end + 2).split(' ');
  /** `number` as in the manual page, where the state is field 3. */
  const field = (number: number): string => fields[number - 3] ?? '';
  const ticks = [14, 15, 16, 17].reduce((sum, number) => sum + Number(field(number)), 0);
  const stat = {
    pid: Number.parseInt(text, 10),
    state: field(3),
    parentPid: Number(field(4)),
    groupId: Number(field(5)),
    session: Number(field(6)),
    cpuTicks: ticks,
    startTicks: field(22),
    residentPages: Number(field(24)),
  };
  return Number.isSafeInteger(stat.groupId + stat.residentPages + ticks) && stat.startTicks !== ''
    ? stat
    : null;
}

/** Dead but not yet waited for: it runs nothing and holds no port. */
export function isZombie({ state }: ProcessStat): boolean {
  return state === 'Z' || state === 'X';
}

/** `null` where it cannot be told. */
export function allPids(): readonly number[] | null {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const pids: number[] = [];
  for (const name of names) {
    const first = name.charCodeAt(0);
    if (first >= 0x30 && first <= 0x39) pids.push(Number(name));
  }
  return pids;
}

export interface ProcUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

const auxPageSize = 6n;
const auxClockTicks = 17n;

/** From the auxiliary vector of this process (getauxval(3)), which is pairs of machine words; the usual values where it cannot be read. */
export function readUnits(): ProcUnits {
  const units = { pageBytes: 4096, ticksPerSecond: 100 };
  let vector: Buffer;
  try {
    vector = readFileSync('/proc/self/auxv');
  } catch {
    return units;
  }
  for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
    const type = vector.readBigUInt64LE(offset);
    const value = Number(vector.readBigUInt64LE(offset + 8));
    if (type === auxPageSize) units.pageBytes = value;
    if (type === auxClockTicks) units.ticksPerSecond = value;
  }
  return units;
}
