/** What survives a restart of Drowse. Losing it loses no request. */
export interface Store {
  /** `null` when nothing was saved under this name. */
  load(app: string): AppRecord | null;
  /** Written before it returns, safe against `kill -9` of Drowse. Called on transitions only. Failures are logged, never thrown: a broken store stops no traffic. */
  save(app: string, record: AppRecord): void;
  forget(app: string): void;
  append(entry: JournalEntry): void;
  /** Newest first. */
  journal(query: JournalQuery): readonly JournalEntry[];
  close(): void;
}

export interface AppRecord {
  /** The policy's snapshot: plain JSON. */
  readonly policy: unknown;
  /** Replicas that a wake restores (I7). */
  readonly saved: number;
  readonly lastColdStartMs: number | null;
}

export interface JournalEntry {
  readonly wallMs: number;
  readonly app: string;
  /** `transition`: from phase to phase. `operator`: a command. `failure`, `config`, `cold-start`: as named. */
  readonly kind: 'transition' | 'operator' | 'failure' | 'config' | 'cold-start';
  readonly from?: string;
  readonly to?: string;
  /** For a person. */
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface JournalQuery {
  readonly app?: string;
  readonly limit: number;
  readonly kinds?: readonly JournalEntry['kind'][];
}
