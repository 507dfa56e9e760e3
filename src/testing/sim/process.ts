import type { ProcessObserver, SpawnRequest } from '../../platforms/local/host.ts';

/** How one process behaves; drawn when it is spawned. */
export interface Behaviour {
  /** From the spawn to listening; `Infinity` never listens. */
  readonly listenAfterMs: number;
  /** Exits by itself this long after the spawn; `Infinity` never. */
  readonly crashAfterMs: number;
  /** Exits by itself this long after it began to listen; `Infinity` never. */
  readonly crashAfterListeningMs: number;
  /** From the stop signal to its end; `Infinity` ignores the signal. */
  readonly stopAfterMs: number;
  /** Whether it takes no new connections from the stop signal on. */
  readonly closesAtSignal: boolean;
  /** A child outlives the leader by this long, and goes on holding the port; 0 for no child. */
  readonly childOutlivesMs: number;
  /** From its end to Drowse hearing of it. */
  readonly exitHeardAfterMs: number;
  /** Overwrites its environment once it listens, as PostgreSQL and nginx do. */
  readonly losesMark: boolean;
}

export interface SpawnRefused {
  readonly refused: 'EAGAIN' | 'ENOENT';
}

export interface SimProcess {
  readonly pid: number;
  readonly app: string;
  readonly replicaId: string;
  mark: string;
  /** What the process was started with, as far as a running one cannot take it on later. */
  readonly variant: string;
  readonly ports: readonly number[];
  readonly behaviour: Behaviour;
  readonly spawnedAtMs: number;
  leaderAlive: boolean;
  groupAlive: boolean;
  listening: boolean;
  /** Dials are refused until then, though it runs. */
  refusesUntilMs: number;
  lastDeliveryAtMs: number;
  /** When the first stop signal came; `null` for none. */
  signalledAtMs: number | null;
  /** `null` once the Drowse that spawned it is dead. */
  observer: ProcessObserver | null;
  /** Who is connected, and is told when the process stops serving. */
  readonly connected: Map<number, Connection>;
}

export interface Connection {
  /** Whether it counts as use. */
  readonly counts: boolean;
  cut(): void;
}

/** Whoever is connected loses the connection. */
export function cutAll({ connected }: SimProcess): void {
  const cut = [...connected.values()];
  connected.clear();
  for (const connection of cut) connection.cut();
}

/** Does what it should: listens soon, and ends when it is told to. */
export const steady: Behaviour = {
  listenAfterMs: 20,
  crashAfterMs: Infinity,
  crashAfterListeningMs: Infinity,
  stopAfterMs: 5,
  closesAtSignal: true,
  childOutlivesMs: 0,
  exitHeardAfterMs: 0.5,
  losesMark: false,
};

/** As it is right after its spawn: it has said nothing yet, and nobody hears of it. */
export function createProcess(
  pid: number,
  { env }: SpawnRequest,
  behaviour: Behaviour,
  spawnedAtMs: number,
): SimProcess {
  const names = Object.keys(env).filter((name) => name === 'PORT' || name.startsWith('PORT_'));
  return {
    pid,
    app: env['DROWSE_APP'] ?? 'stranger',
    replicaId: env['DROWSE_REPLICA'] ?? '',
    mark: env['DROWSE_INSTANCE'] ?? '',
    variant: env['VARIANT'] ?? '',
    ports: [...new Set(names.map((name) => Number(env[name])))],
    behaviour,
    spawnedAtMs,
    leaderAlive: true,
    groupAlive: true,
    listening: false,
    refusesUntilMs: 0,
    lastDeliveryAtMs: -Infinity,
    signalledAtMs: null,
    observer: null,
    connected: new Map(),
  };
}
