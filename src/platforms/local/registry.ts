import type { Address } from '../../core/app.ts';

/**
 * What is remembered of each running replica beyond the life of this Drowse, so that the next one knows the process groups that are its own, also
 * those that have overwritten their environment (PostgreSQL, nginx and Redis do). Written on the wake path: synchronous and small. Failures are
 * logged by the implementation and never thrown.
 */
export interface ProcessRegistry {
  record(record: ProcessRecord): void;
  forget(replicaId: string): void;
  all(): readonly ProcessRecord[];
}

export interface ProcessRecord {
  readonly app: string;
  readonly replicaId: string;
  readonly groupId: number;
  /** Of the leader (`ProcessHost.identity`); `null` where the machine cannot tell, and then the group is never signalled by a later Drowse. */
  readonly identity: string | null;
  readonly addresses: readonly Address[];
}
