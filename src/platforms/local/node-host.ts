import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ProcessHost, SpawnRequest } from './host.ts';
import { connectOnce, getStatus, runToEnd } from './node-host/probes.ts';
import { isPortFree, PortPicker } from './node-host/ports.ts';
import { spawnGroup } from './node-host/spawn.ts';
import { ProcGroups } from './node-host/proc-groups.ts';
import { ProcUsage, readAll } from './node-host/proc-usage.ts';
import { findMarkedGroups } from './node-host/proc-marks.ts';
import { listeningPortsOf } from './node-host/proc-net.ts';

export interface NodeHostDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** What every process inherits: `process.env`. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/**
 * The real machine. Linux has all of it. On macOS and elsewhere there is no `/proc`: `resources` and `listeningPorts` are unknown (`null`), and left-overs of a killed Drowse are neither
 * found nor ended (`identity` is `null`, `findMarked` empty), because a process number alone does not prove whose it is.
 */
export function createNodeHost({ clock, random, env, platform }: NodeHostDeps): ProcessHost {
  const inherited = inheritable(env);
  const full = (request: SpawnRequest): NodeJS.ProcessEnv => ({ ...inherited, ...request.env });
  const ports = new PortPicker(random);
  const groups = platform === 'linux' ? new ProcGroups() : null;
  const usage = platform === 'linux' ? new ProcUsage(clock, () => readAll(clock)) : null;
  return {
    spawn: (request, observer) => spawnGroup(request, full(request), clock, observer),
    signalGroup,
    groupAlive: (groupId) => signalGroup(groupId, 0) && (groups?.hasLiving(groupId) ?? true),
    connect: (address, timeoutMs) => connectOnce(address, clock, timeoutMs),
    get: (address, path, timeoutMs) => getStatus(address, path, clock, timeoutMs),
    run: (request, timeoutMs) => runToEnd(request, full(request), clock, timeoutMs),
    freePort: () => ports.pick(),
    portFree: isPortFree,
    listeningPorts: (groupId) => {
      const members = groups?.members(groupId) ?? null;
      return members && listeningPortsOf(members);
    },
    resources: async (groupId) => usage && usage.of(groupId),
    identity: (pid) => (groups === null ? null : groups.identity(pid)),
    findMarked: (mark) => (groups === null ? [] : findMarkedGroups(mark)),
  };
}

/** What is ours alone stays here: our own settings, and the channel to whoever started Drowse. */
function inheritable(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}

function isOurs(name: string): boolean {
  return name.startsWith('DROWSE_') || name === 'NODE_CHANNEL_FD';
}

/** Signal 0 only asks. */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  // kill(2) reads -1 and 0 as "everybody": no group of ours has such a number.
  if (groupId <= 1) return false;
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (cause) {
    // EPERM: it is there, and runs as another user.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
