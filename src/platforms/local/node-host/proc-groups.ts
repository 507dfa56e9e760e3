import { readFileSync } from 'node:fs';
import { allPids, isZombie, type ProcessStat, readStat, type Unread, unread } from './proc-stat.ts';

/** What `/proc` says of process groups. Linux only. */
export class ProcGroups {
  /** A living member of each group that was asked for lately, so that most questions cost one small file instead of all of `/proc`. */
  readonly #witnesses = new Map<number, number>();
  readonly #bootIdFile: string;
  #bootId: string | null = null;

  constructor(bootIdFile = '/proc/sys/kernel/random/boot_id') {
    this.#bootIdFile = bootIdFile;
  }

  /** Also where it cannot be told: nobody is taken for gone who may live. */
  hasLiving(groupId: number): boolean {
    const witness = readStat(this.#witnesses.get(groupId) ?? groupId);
    if (witness === 'unknown' || witness === 'forbidden' || isMember(witness, groupId)) return true;
    const members = this.members(groupId);
    if (members === null) return true;
    const [member] = members;
    if (member === undefined) this.#witnesses.delete(groupId);
    else this.#witnesses.set(groupId, member);
    return member !== undefined;
  }

  /** `null` where it cannot be told. What we may not look into belongs to somebody else. */
  members(groupId: number): readonly number[] | null {
    const pids = allPids();
    if (pids === null) return null;
    const members: number[] = [];
    for (const pid of pids) {
      const stat = readStat(pid);
      if (stat === 'unknown') return null;
      if (isMember(stat, groupId)) members.push(pid);
    }
    return members;
  }

  /** `null` when it is gone, or somebody else's; `undefined` where that cannot be told just now. */
  identity(pid: number): string | null | undefined {
    const stat = readStat(pid);
    if (stat === 'unknown') return undefined;
    if (typeof stat === 'string' || isZombie(stat)) return null;
    const bootId = this.#readBootId();
    return bootId && `${bootId}:${stat.startTicks}`;
  }

  /** `null` where the machine does not tell it at all, as some sandboxes do not. */
  #readBootId(): string | null | undefined {
    try {
      this.#bootId ??= readFileSync(this.#bootIdFile, 'latin1').trim();
      return this.#bootId;
    } catch (cause) {
      return unread(cause) === 'unknown' ? undefined : null;
    }
  }
}

function isMember(stat: ProcessStat | Unread, groupId: number): boolean {
  return typeof stat !== 'string' && stat.groupId === groupId && !isZombie(stat);
}
