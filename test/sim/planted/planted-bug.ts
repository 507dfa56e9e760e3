import type { Invariant } from '../../../src/testing/sim/findings.ts';

/** A mistake that somebody could make, put into the source as it is loaded. Every one must be caught. */
export interface PlantedBug {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** By which of these it may be caught first. */
  readonly expects: readonly Invariant[];
}
