/**
 * What one activator tells the leader: levels, numbered. The first of a connection is whole; those that follow name the apps whose levels have changed, at least once a second even when none has.
 */
export interface Report {
  /** Counts up by one within a connection, from 1. */
  readonly sequence: number;
  readonly apps: ReadonlyMap<string, ReportedUse>;
}

/** Of one app at one activator, at the moment of the report. */
export interface ReportedUse {
  readonly held: number;
  readonly inFlight: number;
  /** Since the end of the last use, 0 while there is one; `null` when there was none since the activator began. A span: clocks of other machines are not believed. */
  readonly idleForMs: number | null;
}
