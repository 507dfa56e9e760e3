import type { Failure } from '../failure.ts';

/**
 * The shape of every policy, simple or full: a pure `step(snapshot, event, now)`. The full engine replaces the built-in simple policy behind this
 * same interface and touches nothing else.
 */
export interface Policy<Snapshot> {
  /** `restored` is what was persisted before a restart of Drowse. After a restart no timer that lowers capacity has run at all. */
  start(restored: unknown, now: Now): PolicyStep<Snapshot>;
  step(snapshot: Snapshot, event: PolicyEvent, now: Now): PolicyStep<Snapshot>;
  /** Why the output is what it is, and what would change it. */
  explain(snapshot: Snapshot, use: UseLevel, now: Now): Explanation;
}

/** Idle timers run on the monotonic clock, schedules and pins on the wall clock, so that a jump of the latter puts nothing to sleep early. */
export interface Now {
  readonly monoMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: number;
}

export interface PolicyStep<Snapshot> {
  /** Plain data: persisted as JSON. */
  readonly snapshot: Snapshot;
  readonly output: PolicyOutput;
}

export interface PolicyOutput {
  /** Desired replicas. */
  readonly replicas: number;
  /** When `tick` must be delivered at the latest; `null` where nothing is pending. */
  readonly deadline: Deadline | null;
  /** What a request would do from here, cut at the edges of schedules; the last entry holds until `null`. Never empty. */
  readonly armed: readonly ArmedWake[];
}

/** A delay on the monotonic clock, or an instant on the wall clock. */
export type Deadline =
  { readonly clock: 'mono'; readonly atMs: number } | { readonly clock: 'wall'; readonly atMs: number };

export interface ArmedWake {
  /** Wall clock; `null` means without end. */
  readonly validUntilMs: number | null;
  readonly action:
    | { readonly kind: 'wake'; readonly replicas: number }
    | { readonly kind: 'refuse'; readonly reason: string };
}

/**
 * What the data path knows of use. `covered` is false while any use of any replica may have gone unseen; idleness is then unknown and does not accrue.
 * Levels are looked at now and then: a source that sees everything again reports a `lastUseAtMs` no earlier than that moment.
 */
export interface UseLevel {
  readonly inFlight: number;
  readonly held: number;
  /** Monotonic; `null` when not used since Drowse started. */
  readonly lastUseAtMs: number | null;
  readonly covered: boolean;
}

export type PolicyEvent =
  /** Demand: somebody is held (a level, delivered again each second until the output is at least 1). */
  | { readonly type: 'request' }
  | { readonly type: 'ready' }
  | { readonly type: 'slept' }
  | { readonly type: 'wake.failed'; readonly failure: Failure }
  /** The level of use, always delivered before a `tick` is acted on. */
  | { readonly type: 'tick'; readonly use: UseLevel }
  /** Operator commands. `replicas` is clamped to the app's bounds. */
  | { readonly type: 'wake'; readonly replicas: number | null; readonly by: string }
  | { readonly type: 'sleep'; readonly by: string }
  | { readonly type: 'pin'; readonly untilMs: number | null; readonly by: string }
  | { readonly type: 'unpin'; readonly by: string }
  /** Apps that depend on this one and are not asleep: while there are any, it stays up. */
  | { readonly type: 'dependents'; readonly awake: readonly string[] };

export interface Explanation {
  /** What holds the app up now, strongest first; empty when nothing does. */
  readonly keptAwakeBy: readonly Reason[];
  /** The next change that will come by itself if nothing happens; `null` when none will. */
  readonly next: {
    readonly what: 'sleep' | 'wake';
    readonly atWallMs: number;
    readonly because: string;
  } | null;
  /** Set while a pin holds. `untilMs: null` in it means without end. */
  readonly pinned: { readonly untilMs: number | null; readonly by: string } | null;
}

export interface Reason {
  readonly code:
    | 'pinned'
    | 'schedule'
    | 'min-replicas'
    | 'in-flight'
    | 'held'
    | 'recent-use'
    | 'dependents'
    | 'unknown-use'
    | 'never-sleeps'
    | 'operator';
  readonly message: string;
  /** Whose wish it is: the operator, the rule of the schedule, the apps that need it. Absent where it is nobody's. */
  readonly by?: string;
}
