import { readFileSync } from 'node:fs';
import type { Clock } from '../../../ports/clock.ts';
import { allPids, isZombie, type ProcessStat, readStat, readUnits } from './proc-stat.ts';

interface Usage {
  pages: number;
  ticks: number;
}

/** How long one look at all processes serves everybody who asks. */
const snapshotMs = 500;
/** Processes looked at before others get their turn: about half a millisecond. */
const sliceSize = 32;

/** What `/proc` says of process groups. Linux only. */
export class ProcGroups {
  readonly #clock: Clock;
  readonly #units = readUnits();
  /** A living member of each group that was asked for lately, so that most questions cost one small file instead of all of `/proc`. */
  readonly #witnesses = new Map<number, number>();
  #bootId: string | null = null;
  #snapshot: { readonly takenAtMs: number; readonly usage: Promise<ReadonlyMap<number, Usage>> } | null =
    null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasLiving(groupId: number): boolean {
    const witness = this.#witnesses.get(groupId);
    if (isMember(readStat(witness ?? groupId), groupId)) return true;
    const [member] = this.members(groupId);
    if (member === undefined) this.#witnesses.delete(groupId);
    else this.#witnesses.set(groupId, member);
    return member !== undefined;
  }

  members(groupId: number): readonly number[] {
    return allPids().filter((pid) => isMember(readStat(pid), groupId));
  }

  identity(pid: number): string | null {
    const stat = readStat(pid);
    if (stat === null || isZombie(stat)) return null;
    this.#bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${this.#bootId}:${stat.startTicks}`;
  }

  /** Of the whole session, which also holds what has left the group (job control of a shell, say). */
  async resources(groupId: number): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number }> {
    const usage = (await this.#usage()).get(groupId) ?? { pages: 0, ticks: 0 };
    return {
      memoryBytes: usage.pages * this.#units.pageBytes,
      cpuSeconds: usage.ticks / this.#units.ticksPerSecond,
    };
  }

  #usage(): Promise<ReadonlyMap<number, Usage>> {
    const nowMs = this.#clock.monoMs();
    if (this.#snapshot === null || nowMs - this.#snapshot.takenAtMs > snapshotMs) {
      this.#snapshot = { takenAtMs: nowMs, usage: this.#scan() };
    }
    return this.#snapshot.usage;
  }

  async #scan(): Promise<ReadonlyMap<number, Usage>> {
    const sessions = new Map<number, Usage>();
    const pids = allPids();
    for (let start = 0; start < pids.length; start += sliceSize) {
      for (const pid of pids.slice(start, start + sliceSize)) count(sessions, readStat(pid));
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
    }
    return sessions;
  }
}

function isMember(stat: ProcessStat | null, groupId: number): boolean {
  return stat !== null && stat.groupId === groupId && !isZombie(stat);
}

function count(sessions: Map<number, Usage>, stat: ProcessStat | null): void {
  if (stat === null) return;
  const usage = sessions.get(stat.session) ?? { pages: 0, ticks: 0 };
  usage.pages += stat.residentPages;
  usage.ticks += stat.cpuTicks;
  sessions.set(stat.session, usage);
}
