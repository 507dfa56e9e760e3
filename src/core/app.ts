/**
 * What Drowse knows of one app: the resolved configuration, with every default filled in. All values are immutable.
 * What holds on every platform can be read as it is; what belongs to one platform only after a look at `kind`.
 */
export type AppSpec = ProcessApp | WorkloadApp;

/** What every platform needs to know. */
interface CommonSpec {
  readonly name: string;
  /** At least one. The first is the main port. */
  readonly ports: readonly PortSpec[];
  /** How long a start may take, from the order to start to the first replica that serves. */
  readonly startTimeoutMs: number;
  /** Idle time after which the app goes to sleep; `null` means that idleness never puts it to sleep. */
  readonly sleepAfterMs: number | null;
  readonly schedule: readonly ScheduleRule[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Uses (requests or connections) in flight at one replica at a time; the rest waits in the queue. */
  readonly maxConcurrency: number | null;
  readonly hold: HoldSpec;
  /** How long uses in flight may go on before the replica that has them is stopped all the same. */
  readonly drainTimeoutMs: number;
  /** Names of apps that must serve before this one is started. */
  readonly dependsOn: readonly string[];
  readonly noWake: readonly NoWakeRule[];
}

/** An app whose replicas are processes of this machine. */
export interface ProcessApp extends CommonSpec {
  readonly kind: 'process';
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  /** What the configuration adds to the environment; the rest is inherited from Drowse. */
  readonly env: Readonly<Record<string, string>>;
  /** Looked at on the main port, to which `${PORT}` refers too. */
  readonly readiness: Readiness;
  readonly stop: StopSpec;
}

/** An app whose replicas are those of an object with a `/scale` subresource in a cluster. When they are ready, and how they end, its own manifest says. */
export interface WorkloadApp extends CommonSpec {
  readonly kind: 'workload';
  readonly target: WorkloadReference;
}

export interface WorkloadReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'shell'; readonly line: string };

export type Protocol = 'auto' | 'http' | 'tcp';

export interface PortSpec {
  /** Unique within the app; `main` for the first unless named. */
  readonly name: string;
  /** Where people connect to. */
  readonly listen: Address;
  /**
   * Where every replica listens. `assigned`: each replica has a port of its own, which the platform tells with it; a process gets a free one from Drowse,
   * passed as `${PORT}` (or `${PORT_NAME}`).
   */
  readonly target: number | 'assigned';
  readonly protocol: Protocol;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a replica serves one port of its app. */
export interface PortAddress extends Address {
  /** `PortSpec.name`, as it was when the replica was started: the ports of the app may have changed since. */
  readonly portName: string;
}

export type Readiness =
  | { readonly kind: 'tcp' }
  | { readonly kind: 'http'; readonly path: string; readonly status: number | null }
  | { readonly kind: 'log'; readonly pattern: string }
  | { readonly kind: 'command'; readonly command: Command };

export interface HoldSpec {
  /** Connections and requests of this app held at once; more are refused with 503 (HTTP) or closed (TCP). */
  readonly max: number;
  /** How long one of them is held before it is answered 504 (HTTP) or closed (TCP). */
  readonly timeoutMs: number;
  /** Whether browser navigations get a waiting page that wakes the app, instead of being held. */
  readonly waitingPage: boolean;
}

export interface StopSpec {
  readonly signal: NodeJS.Signals;
  /** From the stop signal to SIGKILL for the whole process group. */
  readonly graceMs: number;
}

/** A recurring stretch of local time. `days`: 1 = Monday … 7 = Sunday. Minutes since local midnight; `toMinute` ≤ `fromMinute` ends on the next day. */
export interface DailyWindow {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * `awake`: inside the window the app is kept up. `asleep`: inside the window it sleeps as soon as nothing is in flight; a request still
 * wakes it unless `refuse` is set, in which case requests are answered 503 until the window ends.
 * `source` is what the user wrote, for `why`.
 */
export interface ScheduleRule {
  readonly effect: 'awake' | 'asleep';
  readonly refuse: boolean;
  readonly window: DailyWindow;
  readonly source: string;
}

/** A request that matches every given condition is answered by Drowse while the app is not awake, and is not counted as use while it is. */
export interface NoWakeRule {
  /** Exact, or a prefix when it ends in `*`. */
  readonly path: string | null;
  readonly methods: readonly string[] | null;
  /** Case-insensitive substring of User-Agent. */
  readonly userAgent: string | null;
  /** CIDR blocks of the client's address. */
  readonly sources: readonly string[] | null;
  readonly answer: NoWakeAnswer;
}

export interface NoWakeAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}
