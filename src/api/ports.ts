import type { AppStatus, CommandResult, StatusChange, WhyStatus } from '../control/status.ts';
import type { AppLog } from '../ports/platform.ts';
import type { JournalEntry, JournalQuery } from '../ports/store.ts';

export type { AppStatus, CommandResult, StatusChange, WhyStatus } from '../control/status.ts';

/**
 * What the API needs of the control loop, and nothing more. Every method but `refreshResources` is synchronous, and none throws: commands are wishes, their effect is
 * seen through `get` and `subscribe`.
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
  /** Makes what `list`, `get` and `why` say of memory and CPU fresh: at most a second old. */
  refreshResources(): Promise<void>;
  /** Calls back synchronously after each change of the state of an app, until the returned function is called. */
  subscribe(listener: (change: StatusChange) => void): () => void;
}

/** One result of a check of the installation. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error';
  readonly check: string;
  readonly app: string | null;
  readonly message: string;
  readonly cure: string | null;
}
