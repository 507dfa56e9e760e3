import type { Violation } from '../../src/testing/sim/findings.ts';

/** What a worker is asked to run: seeds from `from` up to, without, `to`. */
export interface Order {
  readonly from: number;
  readonly to: number;
}

/** What a worker found out of one seed. */
export interface Finding {
  readonly seed: number;
  readonly violation: Violation | null;
  /** The end of the trace of a seed that failed. */
  readonly tail: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
  readonly events: number;
  /** Of a seed that was run twice: whether both runs had the same trace. `null`: run once. */
  readonly replayed: boolean | null;
}
