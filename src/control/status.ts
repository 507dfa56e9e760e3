import type { Address, AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import type { Phase } from '../core/handover/types.ts';
import type { Explanation, Reason } from '../core/policy/types.ts';
import type { Visitor } from '../core/visitor.ts';
import type { GateCounters } from '../ports/data-path.ts';
import type { ColdStart } from '../ports/metrics.ts';
import type { Replica } from '../ports/platform.ts';

/** Why an app changed its phase, for people. */
export type Cause =
  | { readonly kind: 'request'; readonly visitor: Visitor }
  | { readonly kind: 'operator'; readonly command: OperatorCommand; readonly by: string }
  /** The policy changed its wish by itself: a schedule, a minimum, the idle time. */
  | {
      readonly kind: 'policy';
      readonly because: string;
      readonly reason: Reason['code'] | null;
      readonly by: string | null;
    }
  | { readonly kind: 'dependent'; readonly app: string }
  /** What it depends on serves again. */
  | { readonly kind: 'dependency' }
  | { readonly kind: 'failure'; readonly failure: Failure }
  /** Replicas began to serve, or ended. */
  | { readonly kind: 'platform' }
  /** The last use in flight ended. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'configuration' }
  /** The next step of what had begun, or its next attempt, was due. */
  | { readonly kind: 'timer' };

export type OperatorCommand = 'wake' | 'sleep' | 'pin' | 'unpin';

/** Everything about one app that can be said without asking anybody. Times named `…WallMs` are epoch milliseconds; visitors and replicas keep their monotonic times. */
export interface AppStatus {
  readonly spec: AppSpec;
  readonly phase: Phase;
  readonly sinceWallMs: number;
  readonly cause: Cause;
  /** What the policy wants. */
  readonly desired: number;
  /** What a wake restores. */
  readonly saved: number;
  readonly replicas: readonly Replica[];
  /** `null` while the ports of the app are not bound. */
  readonly held: number | null;
  readonly inFlight: number | null;
  readonly lastUseAtWallMs: number | null;
  readonly counters: GateCounters | null;
  /** `null` where nothing runs, or nothing is known (yet: they are read when asked for, at most once a second). */
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
  readonly coldStarts: ColdStartSummary;
  readonly lastColdStart: ColdStartRecord | null;
  readonly keptAwakeBy: Explanation['keptAwakeBy'];
  readonly next: Explanation['next'];
  readonly pinned: Explanation['pinned'];
  /** Set in `failed`, and while a retry waits. */
  readonly failure: { readonly cause: Failure; readonly retryAtWallMs: number | null } | null;
  /** Failed starts and quick deaths in a row. */
  readonly attempts: number;
  /** Set while a port of the app cannot be bound: visitors are not even heard. */
  readonly problem: ListenProblem | null;
  readonly dependsOn: readonly { readonly name: string; readonly phase: Phase | null }[];
}

export interface ListenProblem {
  /** Of the operating system (`EADDRINUSE`, `EACCES`), or `internal`. */
  readonly code: string;
  readonly message: string;
  /** `null` where it is no address that is to blame. */
  readonly address: Address | null;
  readonly retryAtWallMs: number;
}

export interface ColdStartRecord {
  readonly atWallMs: number;
  readonly phases: ColdStart;
}

export interface ColdStartSummary {
  /** Since Drowse started. */
  readonly count: number;
  /** Of the last hundred, from the first held connection to its first byte; `null` when there were none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Of the last one, also before Drowse was restarted. */
  readonly lastMs: number | null;
}

export interface WhyStatus {
  readonly status: AppStatus;
  /** Set while a request would be refused instead of waking the app. */
  readonly refusal: Refusal | null;
  readonly wokenBy: WokenBy | null;
  /** Why it went to sleep last; `null` while it is up, and where it has not been up since Drowse started. */
  readonly sleptBecause: string | null;
  readonly keptAwakeBy: Explanation['keptAwakeBy'];
  readonly lastUse: Visitor | null;
  /** The newest of them. */
  readonly held: readonly Visitor[];
  readonly inFlight: readonly Visitor[];
  readonly lastFailure: LastFailure | null;
  /** What seems to keep its start from becoming ready; `null` where nothing is known. */
  readonly startAdvice: string | null;
  /** Apps that need this one and are not asleep. */
  readonly dependents: readonly string[];
  /** Apps that are no longer configured and end: until they have, their processes may have a port that this one is to listen on. */
  readonly waitsForEndOf: readonly string[];
}

export interface LastFailure {
  readonly cause: Failure;
  readonly atWallMs: number;
  /** When all that was asked for served next; `null`: not yet. */
  readonly recoveredAtWallMs: number | null;
}

export interface Refusal {
  readonly because: string;
  /** When it lapses; `null` where that is not known. */
  readonly untilWallMs: number | null;
}

export interface WokenBy {
  readonly atWallMs: number;
  readonly cause: 'request' | 'operator' | 'schedule' | 'dependent' | 'configuration' | 'adopted';
  /** The operator, the app that depends on it, or the schedule's own words. */
  readonly by: string | null;
  readonly visitor: Visitor | null;
}

export type CommandResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'no-such-app' | 'conflict'; readonly message: string };

export type StatusChange =
  { readonly type: 'changed'; readonly name: string } | { readonly type: 'removed'; readonly name: string };
