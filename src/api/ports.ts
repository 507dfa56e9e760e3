import type { AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import type { Phase } from '../core/handover/types.ts';
import type { Explanation } from '../core/policy/types.ts';
import type { Visitor } from '../core/visitor.ts';
import type { GateCounters } from '../ports/data-path.ts';
import type { ColdStart } from '../ports/metrics.ts';
import type { AppLog, Replica } from '../ports/platform.ts';
import type { JournalEntry, JournalQuery } from '../ports/store.ts';

/**
 * What the API needs of the control loop, and nothing more. Every method is synchronous and never throws: commands are wishes, their effect is
 * seen through `get` and `subscribe`. Times named `…WallMs` are epoch milliseconds; visitors and replicas keep their monotonic times.
 */
export interface ControlApi {
  list(): readonly AppStatus[];
  /** `null`: no such app. */
  get(name: string): AppStatus | null;
  why(name: string): WhyStatus | null;
  wake(name: string, replicas: number | null, by: string): CommandResult;
  sleep(name: string, by: string): CommandResult;
  /** `null`: without end. */
  pin(name: string, untilWallMs: number | null, by: string): CommandResult;
  unpin(name: string, by: string): CommandResult;
  logs(name: string): AppLog | null;
  /** Newest first. */
  journal(query: JournalQuery): readonly JournalEntry[];
  /** Calls back synchronously after each change of the state of an app, until the returned function is called. */
  subscribe(listener: (change: StatusChange) => void): () => void;
}

export type CommandResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'no-such-app' | 'conflict'; readonly message: string };

export type StatusChange =
  { readonly type: 'changed'; readonly name: string } | { readonly type: 'removed'; readonly name: string };

export interface AppStatus {
  readonly spec: AppSpec;
  readonly phase: Phase;
  readonly sinceWallMs: number;
  /** What the policy wants; `null` before it has said so. */
  readonly desired: number | null;
  readonly replicas: readonly Replica[];
  /** `null` while any use may go unseen. */
  readonly held: number | null;
  readonly inFlight: number | null;
  readonly lastUseAtWallMs: number | null;
  readonly counters: GateCounters | null;
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
  readonly lastColdStart: ColdStartRecord | null;
  readonly next: Explanation['next'];
  readonly pinned: Explanation['pinned'];
  /** Set in `failed`, and while a retry waits. */
  readonly failure: { readonly cause: Failure; readonly retryAtWallMs: number | null } | null;
}

export interface ColdStartRecord {
  readonly atWallMs: number | null;
  readonly phases: ColdStart;
}

export interface WhyStatus {
  readonly status: AppStatus;
  readonly wokenBy: WokenBy | null;
  readonly keptAwakeBy: Explanation['keptAwakeBy'];
  readonly lastUse: Visitor | null;
  readonly held: readonly Visitor[];
  readonly inFlight: readonly Visitor[];
  readonly lastFailure: { readonly cause: Failure; readonly atWallMs: number | null } | null;
}

export interface WokenBy {
  readonly atWallMs: number | null;
  readonly cause: 'request' | 'operator' | 'schedule' | 'dependent' | 'configuration' | 'adopted';
  readonly by: string | null;
  readonly visitor: Visitor | null;
}

/** One result of a check of the installation. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error';
  readonly check: string;
  readonly app: string | null;
  readonly message: string;
  readonly cure: string | null;
}
