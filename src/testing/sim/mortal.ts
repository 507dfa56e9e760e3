import type { ProcessHost } from '../../platforms/local/host.ts';
import type { ProcessRecord, ProcessRegistry } from '../../platforms/local/registry.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** The life of one simulated Drowse. Once it is over, none of its code has any effect, wherever it was. */
export class Life {
  over = false;
}

const never: Timer = { cancel: () => undefined };

/** The machine's clock as one Drowse sees it: its timers die with it. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return {
    monoMs: () => clock.monoMs(),
    wallMs: () => clock.wallMs(),
    after: (delayMs, callback) => {
      if (life.over) return never;
      return clock.after(delayMs, () => {
        if (!life.over) callback();
      });
    },
  };
}

/** The machine as one Drowse sees it: after its death nothing is spawned or signalled by it, and no question of it is answered. */
export function mortalHost(host: ProcessHost, life: Life): ProcessHost {
  const alive = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          if (!life.over) resolve(value);
        },
        (error: unknown) => {
          if (!life.over) reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  return {
    spawn: (request, observer) =>
      life.over
        ? { ok: false, code: 'EDEAD', message: 'this Drowse is dead' }
        : host.spawn(request, observer),
    signalGroup: (groupId, signal) => !life.over && host.signalGroup(groupId, signal),
    groupAlive: (groupId) => host.groupAlive(groupId),
    connect: (address, timeoutMs) => alive(host.connect(address, timeoutMs)),
    get: (address, path, timeoutMs) => alive(host.get(address, path, timeoutMs)),
    run: (request, timeoutMs) => alive(host.run(request, timeoutMs)),
    freePort: () => host.freePort(),
    portFree: (port) => host.portFree(port),
    listeningPorts: (groupId) => host.listeningPorts(groupId),
    resources: (groupId) => alive(host.resources(groupId)),
    identity: (pid) => host.identity(pid),
    findMarked: (mark) => host.findMarked(mark),
  };
}

/** What is on disk outlives Drowse; what a dead one would still write does not get there. */
export function mortalStore(store: Store, life: Life): Store {
  return {
    load: (app) => store.load(app),
    save: (app, record) => {
      if (!life.over) store.save(app, record);
    },
    forget: (app) => {
      if (!life.over) store.forget(app);
    },
    append: (entry) => {
      if (!life.over) store.append(entry);
    },
    journal: (query) => store.journal(query),
    close: () => undefined,
  };
}

/** The process registry on the simulated disk. */
export class SimRegistry {
  private readonly records = new Map<string, ProcessRecord>();

  of(life: Life): ProcessRegistry {
    return {
      record: (record) => {
        if (!life.over) this.records.set(record.replicaId, record);
      },
      forget: (replicaId) => {
        if (!life.over) this.records.delete(replicaId);
      },
      all: () => [...this.records.values()],
    };
  }
}
