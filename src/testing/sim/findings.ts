import type { Curse } from './behaviour.ts';
import type { FaultName } from './faults.ts';
import type { Trace } from './trace.ts';

/** I1–I7 as in ARCHITECTURE.md; `exception`: something threw, or was logged as an error; `orphan`: a process that nobody owns; `stranger`: one of somebody else's was used or signalled; `port`: two processes on one port; `runaway`: no end of events. */
export type Invariant =
  'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'exception' | 'orphan' | 'stranger' | 'port' | 'runaway';

export interface Violation {
  readonly invariant: Invariant;
  readonly atMs: number;
  readonly message: string;
}

/** What a run found out: the first invariant that did not hold, and how often everything happened. */
export class Findings {
  violation: Violation | null = null;
  readonly counts = new Map<string, number>();
  private readonly trace: Trace;
  private readonly nowMs: () => number;

  constructor(trace: Trace, nowMs: () => number) {
    this.trace = trace;
    this.nowMs = nowMs;
  }

  violated(invariant: Invariant, message: string): void {
    if (this.violation !== null) return;
    this.trace.note(`VIOLATED ${invariant}: ${message}`);
    this.violation = { invariant, atMs: this.nowMs(), message };
  }

  /** `what`: `fault …`, `phase …`, `outcome …` or `command …`. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  fault(name: FaultName | Curse, detail = ''): void {
    this.count(`fault ${name}`);
    this.trace.note(`fault: ${name}${detail === '' ? '' : ` (${detail})`}`);
  }
}
