import { readFileSync } from 'node:fs';
import { allPids, isZombie, type ProcessStat, readStat } from './proc-stat.ts';

/** What `/proc` says of process groups. Linux only. */
export class ProcGroups {
  /** A living member of each group that was asked for lately, so that most questions cost one small file instead of all of `/proc`. */
  readonly #witnesses = new Map<number, number>();
  #bootId: string | null = null;

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
}

function isMember(stat: ProcessStat | null, groupId: number): boolean {
  return stat !== null && stat.groupId === groupId && !isZombie(stat);
}
