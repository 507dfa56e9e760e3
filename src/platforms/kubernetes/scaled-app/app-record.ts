import type { AppRecord } from '../../../ports/store.ts';
import type { ScaledAppStatus } from './schema/status.ts';

type Kept = Pick<ScaledAppStatus, 'policyState' | 'savedReplicas' | 'lastColdStartMilliseconds'>;

/** What survives a restart, as the status keeps it. The snapshot of a policy may be any JSON, and a field of the status has to be a map. */
export function recordToStatus({ policy, saved, lastColdStartMs }: AppRecord): Kept {
  return {
    policyState: { snapshot: policy },
    // A count of 0 would be one that is lost.
    savedReplicas: Math.max(1, saved),
    ...(lastColdStartMs !== null && { lastColdStartMilliseconds: Math.round(lastColdStartMs) }),
  };
}

/** `null`: nothing was kept yet. */
export function recordFromStatus(status: ScaledAppStatus = {}): AppRecord | null {
  const { policyState, savedReplicas, lastColdStartMilliseconds } = status;
  if (savedReplicas === undefined) return null;
  return {
    policy: snapshotIn(policyState),
    saved: savedReplicas,
    lastColdStartMs: lastColdStartMilliseconds ?? null,
  };
}

function snapshotIn(policyState: unknown): unknown {
  const isMap = typeof policyState === 'object' && policyState !== null;
  return isMap && 'snapshot' in policyState ? policyState.snapshot : null;
}
