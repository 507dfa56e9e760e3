import type { AppSpec, PortAddress } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';

/**
 * Where apps run. Every command is a level: asking twice does no harm, and the caller asks again until it sees the effect through
 * `observed`. No method throws for what an app does wrong; that arrives as `failed`. What takes an app is a property: a method might be implemented for one kind of app only.
 */
export interface Platform {
  /** Takes charge of an app. Replicas left over from an earlier Drowse are reported through `observed` (adopted) or are ended. */
  readonly add: (app: AppSpec, observer: PlatformObserver) => void;
  /**
   * A new configuration of the same app. Replicas that serve keep the old one; those started from now on get the new. What has not served yet and would
   * be started differently now is stopped: true when anything was, and the caller asks for it again.
   */
  readonly update: (app: AppSpec) => boolean;
  /** Stops every replica (stop signal, grace, then SIGKILL to the group), and forgets the app. */
  remove(name: string): Promise<void>;
  /**
   * Makes the number of replicas that are not terminating equal to `replicas`: synchronously on one machine (the process has been spawned
   * when this returns). Does not restart what dies: the caller asks again.
   */
  scale(name: string, replicas: number): void;
  /** The data path has nothing in flight at this replica any more: a terminating one may be stopped now, without waiting for its drain time. */
  vacated(name: string, replicaId: string): void;
  /** `null` where the platform cannot tell (never 0 for unknown). */
  resources(name: string): Promise<Resources | null>;
  /** What seems to keep a start under way from becoming ready, and what to do, for people; `null` for nothing known. Looked at when it is asked. */
  startAdvice(name: string): string | null;
  logs(name: string): AppLog;
}

export interface PlatformObserver {
  /** All replicas of the app, each time anything about them changes. A replica leaves the list when its whole process group is gone. */
  observed(replicas: readonly Replica[]): void;
  /** A start failed, or a serving replica died. Delivered before the `observed` that lacks the replica. */
  failed(failure: Failure, replicaId: string): void;
}

export interface Replica {
  readonly id: string;
  readonly phase: 'starting' | 'serving' | 'terminating';
  /** One for each port that the app had when the replica was started. */
  readonly addresses: readonly PortAddress[];
  readonly pid: number | null;
  /** Monotonic milliseconds; of an adopted replica the moment of adoption. */
  readonly startedAtMs: number;
  /** When the spawn call returned, and when readiness was first seen; `null` until then. */
  readonly spawnedAtMs: number | null;
  readonly readyAtMs: number | null;
}

export interface Resources {
  /** Resident memory of all processes of all replicas. */
  readonly memoryBytes: number;
  /** CPU time used by them since they started, in seconds. */
  readonly cpuSeconds: number;
}

export interface AppLog {
  /** The newest lines kept in memory, oldest first. */
  tail(lines: number): readonly LogLine[];
  /** Calls back for each new line until the returned function is called. */
  follow(listener: (line: LogLine) => void): () => void;
}

export interface LogLine {
  readonly wallMs: number;
  readonly replicaId: string;
  readonly stream: 'stdout' | 'stderr' | 'drowse';
  readonly text: string;
}
