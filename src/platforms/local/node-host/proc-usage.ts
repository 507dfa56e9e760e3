import type { Clock } from '../../../ports/clock.ts';
import { allPids, type ProcessStat, type ProcUnits, readStat, readUnits } from './proc-stat.ts';

/** How long one look at all processes serves everybody who asks. */
const snapshotMs = 500;
/** Processes looked at before others get their turn: about half a millisecond. */
const sliceSize = 32;

export interface Usage {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

interface Session {
  pages: number;
  ticks: number;
  /** `null` while its leader has not been seen. */
  leader: ProcessStat | null;
}

interface Snapshot {
  readonly takenAtMs: number;
  readonly sessions: Promise<ReadonlyMap<number, Session>>;
}

/**
 * Memory and CPU of process groups that lead sessions, from `/proc`. A session also holds what has left the group (job control of a shell, say); what has left the session
 * too (each connection of PostgreSQL does) is found by its descent.
 */
export class ProcUsage {
  readonly #clock: Clock;
  readonly #processes: () => Promise<readonly ProcessStat[] | null>;
  readonly #units: ProcUnits = readUnits();
  #snapshot: Snapshot | null = null;
  /** Ticks seen so far, by leader. */
  #highest: ReadonlyMap<string | null, number> = new Map();

  constructor(clock: Clock, processes: () => Promise<readonly ProcessStat[] | null>) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /** `null` when it is not known (yet): the group is younger than the last look, or gone. */
  async of(groupId: number): Promise<Usage | null> {
    const session = (await this.#sessions()).get(groupId);
    if (session === undefined) return null;
    const ticks = Math.max(session.ticks, this.#highest.get(keyOf(session)) ?? 0);
    return {
      memoryBytes: session.pages * this.#units.pageBytes,
      cpuSeconds: ticks / this.#units.ticksPerSecond,
    };
  }

  #sessions(): Promise<ReadonlyMap<number, Session>> {
    const nowMs = this.#clock.monoMs();
    if (this.#snapshot === null || nowMs - this.#snapshot.takenAtMs > snapshotMs)
      this.#snapshot = { takenAtMs: nowMs, sessions: this.#look() };
    return this.#snapshot.sessions;
  }

  async #look(): Promise<ReadonlyMap<number, Session>> {
    const processes = await this.#processes();
    if (processes === null) return new Map();
    const sessions = rollUp(processes);
    const highest = new Map<string | null, number>();
    for (const session of sessions.values()) {
      const key = keyOf(session);
      if (key !== null) highest.set(key, Math.max(session.ticks, this.#highest.get(key) ?? 0));
    }
    this.#highest = highest;
    return sessions;
  }
}

/** All processes, in slices between which others get their turn; `null` where one cannot be read, because a sum without it would be too small. */
export async function readAll(clock: Clock): Promise<readonly ProcessStat[] | null> {
  const stats: ProcessStat[] = [];
  const pids = allPids();
  if (pids === null) return null;
  for (let start = 0; start < pids.length; start += sliceSize) {
    for (const pid of pids.slice(start, start + sliceSize)) {
      const stat = readStat(pid);
      if (stat === 'unknown') return null;
      if (typeof stat !== 'string') stats.push(stat);
    }
    await new Promise<void>((resolve) => void clock.after(0, resolve));
  }
  return stats;
}

/**
 * A process that ends takes its ticks along unless its parent waits for it, which an orphan's does not, nor one that ignores SIGCHLD: what has been used stays used, so the sum never
 * falls while the leader lives.
 */
function keyOf({ leader }: Session): string | null {
  return leader === null ? null : `${leader.pid}:${leader.startTicks}`;
}

/** Use by session, each with what descends from it. */
export function rollUp(stats: readonly ProcessStat[]): ReadonlyMap<number, Session> {
  const sessionOf = new Map(stats.map(({ pid, session }) => [pid, session]));
  const leaders = new Map(stats.map((stat) => [stat.pid, stat]));
  const sessions = new Map<number, Session>();
  for (const { session, residentPages, cpuTicks } of stats) {
    for (const ancestor of lineage(session, leaders, sessionOf)) {
      const sum = sessions.get(ancestor) ?? { pages: 0, ticks: 0, leader: leaders.get(ancestor) ?? null };
      sum.pages += residentPages;
      sum.ticks += cpuTicks;
      sessions.set(ancestor, sum);
    }
  }
  return sessions;
}

/** A session, that of its leader's parent, and so on; each once, whatever a changing `/proc` says. */
function lineage(
  session: number,
  leaders: ReadonlyMap<number, ProcessStat>,
  sessionOf: ReadonlyMap<number, number>,
): ReadonlySet<number> {
  const line = new Set<number>();
  for (let next: number | undefined = session; next !== undefined && !line.has(next);) {
    line.add(next);
    next = sessionOf.get(leaders.get(next)?.parentPid ?? 0);
  }
  return line;
}
