import type { Phase } from '../core/handover/types.ts';
import type { ColdStartTimes } from '../ports/data-path.ts';
import type { AppRecord } from '../ports/store.ts';
import { Chronicle, type ChronicleDeps } from './chronicle.ts';
import { ColdStarts } from './cold-starts.ts';
import type { Cause } from './status.ts';

/** What is kept of one app: the record that its next run goes on from, and the journal. Both are written after the effects of what they tell. */
export class Records {
  readonly chronicle: Chronicle;
  readonly coldStarts: ColdStarts;
  readonly #app: string;
  readonly #deps: ChronicleDeps;
  #unsaved = false;

  constructor(app: string, restored: AppRecord | null, deps: ChronicleDeps) {
    this.#app = app;
    this.#deps = deps;
    this.chronicle = new Chronicle(app, deps);
    this.coldStarts = new ColdStarts(restored?.lastColdStartMs ?? null);
  }

  /** What is known now is worth keeping. */
  save(): void {
    this.#unsaved = true;
  }

  transition(from: Phase, to: Phase, cause: Cause): void {
    if (to === 'waking') this.coldStarts.begin();
    this.chronicle.transition(from, to, cause);
    this.save();
  }

  coldStart(times: ColdStartTimes): void {
    const phases = this.coldStarts.answered(times, this.#deps.clock.wallMs());
    if (phases === null) return;
    this.chronicle.coldStart(phases);
    this.save();
  }

  /** Whether there was anything new in the journal. */
  write({ policy, saved }: Pick<AppRecord, 'policy' | 'saved'>): boolean {
    if (this.#unsaved) {
      this.#unsaved = false;
      const lastColdStartMs = this.coldStarts.summary().lastMs;
      this.#deps.store.save(this.#app, { policy, saved, lastColdStartMs });
    }
    return this.chronicle.flush();
  }
}
