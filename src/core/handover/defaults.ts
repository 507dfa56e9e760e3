import type { HandoverConfig } from './types.ts';

/** What every app has unless its configuration says otherwise. The bounds on replicas have no default here: they belong to the app. */
export const handoverDefaults: Omit<HandoverConfig, 'minReplicas' | 'maxReplicas'> = {
  /** The usual hold time of the peers is five minutes; nobody waits longer for a start. */
  wakeTimeoutMs: 300_000,
  drainTimeoutMs: 30_000,
  maxAttempts: 3,
  /** Long enough for a port to be free again, short enough for held clients not to notice a single bad start. */
  backOffMs: 500,
  maxBackOffMs: 60_000,
  stableAfterMs: 30_000,
  /** Demand is a level: it is asserted again each second, and so is everything else. */
  reassertMs: 1_000,
};
