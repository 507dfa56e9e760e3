import type { Failure, WorkloadFailureCode } from '../../../core/failure.ts';

/** Why pods that were asked for do not come. */
export interface Diagnosis {
  readonly code: WorkloadFailureCode;
  /** What Kubernetes says, whole. */
  readonly said: string;
  /** What to do about it. */
  readonly advice: string;
  /**
   * Whether it is usual that it goes by itself, soon: an autoscaler adds a node, a registry answers again. Then it is worth waiting on for as long as a start may
   * take; otherwise whoever waits is better told at once.
   */
  readonly mayPass: boolean;
}

/** Tried again all the same, after the longest back-off: what is in the way is outside of the app, and goes without Drowse hearing of it. */
export function failureOf({ code, said, advice, mayPass }: Diagnosis): Failure {
  return { code, message: `${sentence(said)} ${advice}`, output: [], permanent: !mayPass };
}

function sentence(said: string): string {
  const trimmed = said.trim();
  return /[.!?]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
