import type { Failure } from '../core/failure.ts';
import type { Phase } from '../core/handover/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { ColdStart, Metrics } from '../ports/metrics.ts';
import type { JournalEntry, Store } from '../ports/store.ts';
import { describeCause, wokenBy } from './causes.ts';
import type { Cause, LastFailure, OperatorCommand, WokenBy } from './status.ts';

export interface ChronicleDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly metrics: Metrics;
}

/**
 * What happened to one app, for people: since when, why, who woke it. Entries wait for `flush`, which comes after the effects of what they tell: writing
 * them is no part of a wake.
 */
export class Chronicle {
  readonly #app: string;
  readonly #deps: ChronicleDeps;
  #pending: JournalEntry[] = [];
  #sinceWallMs: number;
  #cause: Cause = { kind: 'configuration' };
  #wokenBy: WokenBy | null = null;
  #sleptBecause: string | null = null;
  #lastFailure: LastFailure | null = null;

  constructor(app: string, deps: ChronicleDeps) {
    this.#app = app;
    this.#deps = deps;
    this.#sinceWallMs = deps.clock.wallMs();
  }

  get sinceWallMs(): number {
    return this.#sinceWallMs;
  }

  get cause(): Cause {
    return this.#cause;
  }

  get wokenBy(): WokenBy | null {
    return this.#wokenBy;
  }

  get sleptBecause(): string | null {
    return this.#sleptBecause;
  }

  get lastFailure(): LastFailure | null {
    return this.#lastFailure;
  }

  transition(from: Phase, to: Phase, cause: Cause): void {
    const wallMs = this.#deps.clock.wallMs();
    this.#sinceWallMs = wallMs;
    this.#cause = cause;
    if (isDown(from) && isUp(to)) this.#wokenBy = wokenBy(from, cause, wallMs) ?? this.#wokenBy;
    if (isUp(from) !== isUp(to))
      this.#sleptBecause = isUp(to) || to === 'failed' ? null : describeCause(cause, to);
    this.#note({ kind: 'transition', from, to, message: describeCause(cause, to), detail: detailOf(cause) });
    this.#deps.metrics.transition(this.#app, from, to);
  }

  operator(command: OperatorCommand, by: string, detail: Readonly<Record<string, unknown>>): void {
    this.#note({ kind: 'operator', message: `${command} by ${by}`, detail: { command, by, ...detail } });
  }

  failure(failure: Failure, replica: string | null): void {
    this.#lastFailure = { cause: failure, atWallMs: this.#deps.clock.wallMs(), recoveredAtWallMs: null };
    const output = failure.output.slice(-journaledLines);
    this.#note({
      kind: 'failure',
      message: failure.message,
      detail: { code: failure.code, replica, output },
    });
  }

  /** All that was asked for serves: a level, told as often as one likes. */
  serves(): void {
    const last = this.#lastFailure;
    if (last?.recoveredAtWallMs === null)
      this.#lastFailure = { ...last, recoveredAtWallMs: this.#deps.clock.wallMs() };
  }

  configuration(message: string): void {
    this.#note({ kind: 'config', message });
  }

  coldStart(phases: ColdStart): void {
    this.#note({
      kind: 'cold-start',
      message: `first byte after ${phases.total.toFixed(0)} ms`,
      detail: phases,
    });
    this.#deps.metrics.coldStart(this.#app, phases);
  }

  /** Whether there was anything to write. */
  flush(): boolean {
    const entries = this.#pending;
    this.#pending = [];
    for (const entry of entries) this.#deps.store.append(entry);
    return entries.length > 0;
  }

  #note(entry: Omit<JournalEntry, 'wallMs' | 'app'>): void {
    this.#pending.push({ wallMs: this.#deps.clock.wallMs(), app: this.#app, ...entry });
  }
}

/** The journal keeps the end of the output; all of it is in the logs of the app. */
const journaledLines = 10;

function detailOf(cause: Cause): Readonly<Record<string, unknown>> {
  return { cause };
}

function isUp(phase: Phase): boolean {
  return phase === 'waking' || phase === 'handing-over' || phase === 'awake';
}

function isDown(phase: Phase): boolean {
  return !isUp(phase);
}
