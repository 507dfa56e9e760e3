import type { Failure } from '../failure.ts';

/**
 * The handover automaton turns the wish of the policy (how many replicas) into ordered steps against the platform and the data path.
 * `step(config, state, event, nowMs) → { state, effects }`; times are monotonic milliseconds.
 *
 * On one machine Drowse is always in the path, so `handing-over` means "the data path has been told to forward" and `stepping-in`
 * "the data path has been told to hold again"; both are confirmed by a `routed` event.
 */
export type Phase = 'asleep' | 'waking' | 'handing-over' | 'awake' | 'stepping-in' | 'draining' | 'failed';

export interface HandoverConfig {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** A wake that has brought no serving endpoint by then has failed. The platform normally says so itself earlier. */
  readonly wakeTimeoutMs: number;
  /** How long uses in flight may go on in `draining` before capacity is taken away all the same (operator's sleep only: idleness has none). */
  readonly drainTimeoutMs: number;
  /** Quick deaths and failed starts in a row that are retried while clients stay held; then `failed`. */
  readonly maxAttempts: number;
  /** First back-off; doubles with each attempt. */
  readonly backOffMs: number;
  readonly maxBackOffMs: number;
  /** A replica set that has served this long is healthy: the count of attempts starts anew. */
  readonly stableAfterMs: number;
  /** How often an effect that has not been seen to work is asserted again. */
  readonly reassertMs: number;
}

export interface HandoverState {
  readonly phase: Phase;
  readonly sinceMs: number;
  /** The last wish of the policy, in replicas. */
  readonly wish: number;
  /** What a wake restores; at least 1 (I7: never overwritten with 0). */
  readonly saved: number;
  /** The last count asked of the platform. */
  readonly asked: number;
  /** Failed starts and quick deaths in a row. */
  readonly attempts: number;
  /** Set in `failed`; in `waking` while a retry waits for its back-off; in `awake` while the replacement of a dead replica does. */
  readonly failure: { readonly cause: Failure; readonly retryAtMs: number } | null;
  /** In `draining`: whether capacity has been taken away already (scale 0 sent). */
  readonly stopping: boolean;
  /** When `tick` must be delivered; `null` for never. The only timer of the automaton. */
  readonly deadlineMs: number | null;
  readonly observed: Observed;
  /** When all replicas asked for last began to serve, for telling a quick death from a late one; `null` while any is missing. */
  readonly servingSinceMs: number | null;
  /** When the present attempt of a wake was asked of the platform: what `wakeTimeoutMs` counts from. */
  readonly attemptAtMs: number;
  /** When the data path confirmed that it holds, on the way down; `null` before. Usage measured earlier says nothing about arrivals since. */
  readonly holdingSinceMs: number | null;
}

/** A level: how many replicas the platform sees in each phase. Delivered on every change, and after every `scale` even if nothing changed. */
export interface Observed {
  readonly starting: number;
  readonly serving: number;
  readonly terminating: number;
}

export type HandoverEvent =
  /** The policy's output changed (or is asserted again). */
  | { readonly type: 'wish'; readonly replicas: number }
  /** Somebody is held. Delivered at once on the first, then each second for as long as anybody is (a level). */
  | { readonly type: 'demand'; readonly replicas?: number }
  | { readonly type: 'observed'; readonly observed: Observed }
  /** A start failed, or a serving replica died. Followed or preceded by `observed`. */
  | { readonly type: 'failed'; readonly failure: Failure }
  /** The data path follows this route now. */
  | { readonly type: 'routed'; readonly route: 'hold' | 'inline' | 'refuse' }
  /**
   * What the data path sees; `known: false` when any part of it is not covered, and then nothing is lowered (I5). `measuredAtMs` (monotonic) may be
   * left out where it is delivered as it is measured.
   */
  | {
      readonly type: 'usage';
      readonly held: number;
      readonly inFlight: number;
      readonly known: boolean;
      readonly measuredAtMs?: number;
    }
  /** The configuration changed, or an operator said `wake` after a failure: forget back-off and attempts. */
  | { readonly type: 'forgive' }
  /** What was being started is not what the configuration says any more, and has been taken away. No failure: attempts and back-off are as before. */
  | { readonly type: 'outdated' }
  | { readonly type: 'tick' };

export type HandoverEffect =
  | { readonly type: 'scale'; readonly replicas: number }
  | { readonly type: 'route'; readonly route: 'hold' | 'inline' }
  /** Answer everybody held, and new arrivals until `retryAtMs`, with 503 and this failure. */
  | { readonly type: 'refuse'; readonly failure: Failure; readonly retryAtMs: number }
  /** Ask the data path for a fresh `usage` event. */
  | { readonly type: 'measure' }
  /** Told to the policy automaton. */
  | {
      readonly type: 'tell';
      readonly event: 'request' | 'ready' | 'slept' | 'wake.failed';
      readonly failure?: Failure;
    };

export interface HandoverStep {
  readonly state: HandoverState;
  readonly effects: readonly HandoverEffect[];
}
