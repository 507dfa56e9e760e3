import { KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { keyText, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';

/** client-go's: doubled from 5 ms on after each failure of a key. */
const firstBackOffMs = 5;
const longestBackOffMs = 1_000_000;

export interface ReconcilerOptions {
  readonly clock: Clock;
  /** Brings what has this key to what it should be. Answers after how many milliseconds to look again, `null` for when something happens. */
  readonly reconcile: (key: ObjectKey) => Promise<number | null>;
  /** From the moment that something is known to its handling. */
  readonly lagMs?: () => number;
}

/** The work queue of a controller: one key at a time, each once however often it was asked for; what fails is tried again, later and later. */
export class Reconciler {
  private readonly options: ReconcilerOptions;
  private readonly waiting = new Map<string, { readonly timer: Timer; readonly atMs: number }>();
  private readonly ready = new Map<string, ObjectKey>();
  private readonly failures = new Map<string, number>();
  private working: Promise<void> | null = null;
  private isStopped = false;

  constructor(options: ReconcilerOptions) {
    this.options = options;
  }

  /** `afterMs` counts from now; the earliest wish holds. */
  readonly enqueue = (key: ObjectKey, afterMs = this.options.lagMs?.() ?? 0): void => {
    if (this.isStopped) return;
    const text = keyText(key);
    const atMs = this.options.clock.monoMs() + afterMs;
    const planned = this.waiting.get(text);
    if (planned !== undefined && planned.atMs <= atMs) return;
    planned?.timer.cancel();
    const timer = this.options.clock.after(afterMs, () => this.due(text, key));
    this.waiting.set(text, { timer, atMs });
  };

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const { timer } of this.waiting.values()) timer.cancel();
    this.waiting.clear();
    this.ready.clear();
    await this.working;
  }

  private due(text: string, key: ObjectKey): void {
    this.waiting.delete(text);
    this.ready.set(text, key);
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  private async work(): Promise<void> {
    for (let next = this.take(); next !== null; next = this.take()) await this.one(...next);
  }

  private take(): readonly [string, ObjectKey] | null {
    const [next] = this.ready;
    if (next === undefined) return null;
    this.ready.delete(next[0]);
    return next;
  }

  private async one(text: string, key: ObjectKey): Promise<void> {
    try {
      const again = await this.options.reconcile(key);
      this.failures.delete(text);
      if (again !== null) this.enqueue(key, again);
    } catch (error) {
      // Anything else is a mistake in an actor, and fails the run.
      if (!(error instanceof KubeError)) throw error;
      const failures = this.failures.get(text) ?? 0;
      this.failures.set(text, failures + 1);
      this.enqueue(key, Math.min(firstBackOffMs * 2 ** failures, longestBackOffMs));
    }
  }
}
