import type { Failure } from '../core/failure.ts';
import type { PolicyEvent } from '../core/policy/types.ts';
import type { HandoverEvent } from '../core/handover/types.ts';
import type { ColdStartTimes } from '../ports/data-path.ts';
import type { Cause } from './status.ts';

/** One event in the life of an app. */
export type Happening =
  | { readonly type: 'start' }
  | { readonly type: 'handover'; readonly event: HandoverEvent; readonly cause: Cause }
  | { readonly type: 'policy'; readonly event: PolicyEvent; readonly cause: Cause }
  /** The policy may want something else now. */
  | { readonly type: 'wish'; readonly cause: Cause }
  /** Somebody is held, or another app needs this one. */
  | { readonly type: 'demand'; readonly cause: Cause }
  /** The platform has looked again. */
  | { readonly type: 'replicas' }
  | { readonly type: 'failed'; readonly failure: Failure; readonly replicaId: string | null }
  /** The app's dependencies may have changed. */
  | { readonly type: 'dependencies' }
  /** Use is to be measured. */
  | { readonly type: 'usage'; readonly cause: Cause }
  | { readonly type: 'vacated' }
  | { readonly type: 'tick' }
  | { readonly type: 'cold-start'; readonly times: ColdStartTimes }
  /** Only what has been recorded is new. */
  | { readonly type: 'noted' };

/** Readings of a level: of several that are pending, the last is enough. */
const levels: ReadonlySet<Happening['type']> = new Set<Happening['type']>([
  'demand',
  'replicas',
  'dependencies',
  'usage',
  'vacated',
  'tick',
  'noted',
]);

/** Whether a pending happening is made pointless by a later one. */
export function isSuperseded(pending: Happening, later: Happening): boolean {
  return pending.type === later.type && levels.has(later.type);
}
