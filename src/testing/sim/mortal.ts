import type { ProcessHost } from '../../platforms/local/host.ts';
import type { ProcessRecord, ProcessRegistry } from '../../platforms/local/registry.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** The life of one simulated Drowse. Once it is over, none of its code has any effect, wherever it was. */
export class Life {
  private ended = false;
  private effectsLeft = Infinity;
  private onLastEffect: () => void = () => undefined;
  private readonly onEnd: () => void;

  constructor(onEnd: () => void) {
    this.onEnd = onEnd;
  }

  get over(): boolean {
    return this.ended;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
  }

  /** Ends just before the effect (a write, a spawn, a signal) that comes after so many others: between any two of them. */
  endAfterEffects(effects: number, then: () => void = () => undefined): void {
    this.effectsLeft = effects;
    this.onLastEffect = then;
  }

  /** Whether an effect takes place. */
  acts(): boolean {
    if (this.ended) return false;
    if (this.effectsLeft <= 0) {
      this.end();
      this.onLastEffect();
      return false;
    }
    this.effectsLeft -= 1;
    return true;
  }
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
      life.acts()
        ? host.spawn(request, observer)
        : { ok: false, code: 'EDEAD', message: 'this Drowse is dead' },
    signalGroup: (groupId, signal) => life.acts() && host.signalGroup(groupId, signal),
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
      if (life.acts()) store.save(app, record);
    },
    forget: (app) => {
      if (life.acts()) store.forget(app);
    },
    append: (entry) => {
      if (life.acts()) store.append(entry);
    },
    journal: (query) => store.journal(query),
    close: () => undefined,
  };
}

/** The process registry on the simulated disk. */
export class SimRegistry {
  private readonly records = new Map<string, ProcessRecord>();

  has(groupId: number): boolean {
    return [...this.records.values()].some((record) => record.groupId === groupId);
  }

  of(life: Life): ProcessRegistry {
    return {
      record: (record) => {
        if (life.acts()) this.records.set(record.replicaId, record);
      },
      forget: (replicaId) => {
        if (life.acts()) this.records.delete(replicaId);
      },
      all: () => [...this.records.values()],
    };
  }
}
