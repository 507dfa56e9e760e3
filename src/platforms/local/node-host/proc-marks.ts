import { markNames } from '../launch.ts';
import { allPids, isZombie, readProc, readStat } from './proc-stat.ts';

export interface MarkedGroup {
  readonly groupId: number;
  readonly app: string;
  readonly replicaId: string;
}

/**
 * Process groups with a member whose environment carries the mark; never our own group. Reads the environment of every process that we may look into; `null` where
 * that cannot be done now.
 */
export function findMarkedGroups(mark: string): readonly MarkedGroup[] | null {
  const needle = Buffer.from(`${markNames.instance}=${mark}\0`);
  const own = readStat(process.pid);
  const pids = allPids();
  if (typeof own === 'string' || pids === null) return null;
  const groups = new Map<number, MarkedGroup>();
  for (const pid of pids) {
    const environment = readProc(`/proc/${pid}/environ`);
    if (environment === 'unknown') return null;
    if (typeof environment === 'string' || !environment.includes(needle)) continue;
    const variables = parseEnvironment(environment.toString('utf8'));
    const stat = readStat(pid);
    if (stat === 'unknown') return null;
    if (variables.get(markNames.instance) !== mark || typeof stat === 'string' || isZombie(stat)) continue;
    const { groupId } = stat;
    if (groupId === own.groupId || groups.has(groupId)) continue;
    groups.set(groupId, {
      groupId,
      app: variables.get(markNames.app) ?? '',
      replicaId: variables.get(markNames.replica) ?? '',
    });
  }
  return [...groups.values()];
}

export function parseEnvironment(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) variables.set(entry.slice(0, at), entry.slice(at + 1));
  }
  return variables;
}
