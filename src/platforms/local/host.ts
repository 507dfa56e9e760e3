import type { Address } from '../../core/app.ts';

/** The operating system as the local platform needs it. The simulation has its own. */
export interface ProcessHost {
  /**
   * Spawns synchronously, as the leader of a session and process group of its own. Never throws: a spawn that fails comes back as an error code.
   * The observer is never called before this returns.
   */
  spawn(request: SpawnRequest, observer: ProcessObserver): SpawnResult;
  /** Signals a whole process group; false when no process of it is left. */
  signalGroup(groupId: number, signal: NodeJS.Signals): boolean;
  /** Whether any process of the group is left (zombies that only wait to be reaped do not count); true where that cannot be told. */
  groupAlive(groupId: number): boolean;
  /** One TCP connect, closed at once. Resolves to true when it was accepted. */
  connect(address: Address, timeoutMs: number): Promise<boolean>;
  /** One HTTP GET; resolves to its status, or `null` when there was no answer. */
  get(address: Address, path: string, timeoutMs: number): Promise<number | null>;
  /** Runs a readiness command; resolves to its exit code, or `null` when it did not end in time. */
  run(request: SpawnRequest, timeoutMs: number): Promise<number | null>;
  /** A TCP port on loopback that was free a moment ago. Synchronous: it is on the wake path. */
  freePort(): number | null;
  /** Whether nothing on this machine listens on the TCP port, on any address. Synchronous and cheap: it is on the wake path. */
  portFree(port: number): boolean;
  /** TCP ports on which the processes of a group listen; `null` where the machine cannot tell. */
  listeningPorts(groupId: number): readonly number[] | null;
  /** Memory and CPU of a group; `null` where the machine cannot tell. */
  resources(groupId: number): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number } | null>;
  /** Identity of a live process that cannot be mistaken for a later one with the same pid (boot id and start time); `null` when it is gone, `undefined` where that cannot be told just now (no file descriptor is left, say). */
  identity(pid: number): string | null | undefined;
  /** Process groups whose environment carries this mark: left over from an earlier Drowse; `null` where that cannot be told just now. */
  findMarked(
    mark: string,
  ): readonly { readonly groupId: number; readonly app: string; readonly replicaId: string }[] | null;
}

export interface SpawnRequest {
  /** Searched in PATH (of this environment) when it has no slash; otherwise relative to `cwd`. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment that Drowse itself runs in, and stronger than it. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessObserver {
  output(stream: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** The leader ended. Others of its group may live on. */
  exited(code: number | null, signal: NodeJS.Signals | null): void;
}

/**
 * `code`: ENOENT when the command (or the interpreter that it names) does not exist, EACCES when it may not be executed, ENOTDIR when the working
 * directory is missing or none; anything else is the error code of the system. `message` is a sentence for a person.
 */
export type SpawnResult =
  | { readonly ok: true; readonly pid: number }
  | { readonly ok: false; readonly code: string; readonly message: string };
