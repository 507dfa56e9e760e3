import type {
  AppStatus,
  CommandResult,
  ControlApi,
  StatusChange,
  WhyStatus,
} from '../../../src/api/ports.ts';
import type { Phase } from '../../../src/core/handover/types.ts';
import type { LogLine } from '../../../src/ports/platform.ts';
import type { JournalEntry, JournalQuery } from '../../../src/ports/store.ts';
import { localApp } from '../../../src/testing/local-app.ts';

/** The hour at which every app of a test came into its state. */
export const sinceWallMs = Date.UTC(2026, 0, 31, 8);

export function statusOf(name: string, changes: Partial<AppStatus> = {}): AppStatus {
  return {
    spec: localApp({ name, env: { SECRET: 'do-not-tell' }, sleepAfterMs: 900_000 }),
    phase: 'asleep',
    sinceWallMs,
    cause: { kind: 'configuration' },
    desired: 0,
    saved: 1,
    replicas: [],
    held: 0,
    inFlight: 0,
    lastUseAtWallMs: null,
    counters: null,
    memoryBytes: null,
    cpuSeconds: null,
    coldStarts: { count: 0, p50Ms: null, p95Ms: null, lastMs: null },
    lastColdStart: null,
    keptAwakeBy: [],
    next: null,
    pinned: null,
    failure: null,
    attempts: 0,
    problem: null,
    dependsOn: [],
    ...changes,
  };
}

/** Apps that are in the state that a test puts them into; commands are written down, and do what the test says. */
export class FakeControl implements ControlApi {
  readonly apps = new Map<string, AppStatus>();
  readonly commands: {
    readonly command: string;
    readonly name: string;
    readonly by: string;
    readonly value?: unknown;
  }[] = [];
  readonly entries: JournalEntry[] = [];
  readonly lines: LogLine[] = [];
  readonly #listeners = new Set<(change: StatusChange) => void>();
  readonly #logListeners = new Set<(line: LogLine) => void>();
  /** What a command does besides being written down. */
  onCommand: (command: string, name: string) => CommandResult = () => ({ ok: true });
  whyOf: (status: AppStatus) => Partial<WhyStatus> = () => ({});

  set(name: string, changes: Partial<AppStatus> = {}): void {
    this.apps.set(name, statusOf(name, { ...this.apps.get(name), ...changes }));
    this.#tell({ type: 'changed', name });
  }

  enter(name: string, phase: Phase, changes: Partial<AppStatus> = {}): void {
    this.set(name, { phase, sinceWallMs: (this.apps.get(name)?.sinceWallMs ?? 0) + 1, ...changes });
  }

  remove(name: string): void {
    this.apps.delete(name);
    this.#tell({ type: 'removed', name });
  }

  write(text: string): void {
    const line: LogLine = { wallMs: sinceWallMs, replicaId: 'r1', stream: 'stdout', text };
    this.lines.push(line);
    for (const listener of this.#logListeners) listener(line);
  }

  /** Who listens: to see that those who left are forgotten. */
  get listeners(): { readonly changes: number; readonly logs: number } {
    return { changes: this.#listeners.size, logs: this.#logListeners.size };
  }

  list(): readonly AppStatus[] {
    return [...this.apps.values()];
  }

  get(name: string): AppStatus | null {
    return this.apps.get(name) ?? null;
  }

  why(name: string): WhyStatus | null {
    const status = this.get(name);
    if (status === null) return null;
    const nothing = {
      refusal: null,
      wokenBy: null,
      sleptBecause: null,
      lastUse: null,
      held: [],
      inFlight: [],
      lastFailure: null,
      startAdvice: null,
      dependents: [],
      waitsForEndOf: [],
    };
    return { status, keptAwakeBy: status.keptAwakeBy, ...nothing, ...this.whyOf(status) };
  }

  wake(name: string, replicas: number | null, by: string): CommandResult {
    return this.#command('wake', name, by, replicas);
  }

  sleep(name: string, by: string): CommandResult {
    return this.#command('sleep', name, by);
  }

  pin(name: string, untilWallMs: number | null, by: string): CommandResult {
    return this.#command('pin', name, by, untilWallMs);
  }

  unpin(name: string, by: string): CommandResult {
    return this.#command('unpin', name, by);
  }

  logs(name: string) {
    if (!this.apps.has(name)) return null;
    return {
      tail: (count: number) => (count === 0 ? [] : this.lines.slice(-count)),
      follow: (listener: (line: LogLine) => void) => {
        this.#logListeners.add(listener);
        return () => void this.#logListeners.delete(listener);
      },
    };
  }

  journal({ app, limit, kinds }: JournalQuery): readonly JournalEntry[] {
    return this.entries
      .filter((entry) => app === undefined || entry.app === app)
      .filter((entry) => kinds === undefined || kinds.includes(entry.kind))
      .toReversed()
      .slice(0, limit);
  }

  refreshed = 0;
  async refreshResources(): Promise<void> {
    this.refreshed += 1;
  }

  subscribe(listener: (change: StatusChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #command(command: string, name: string, by: string, value?: unknown): CommandResult {
    if (!this.apps.has(name)) return { ok: false, code: 'no-such-app', message: `There is no app ${name}.` };
    this.commands.push({ command, name, by, value });
    return this.onCommand(command, name);
  }

  #tell(change: StatusChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
