/** Why an app could not be woken, or died. Codes are stable: they appear in answers, in the API and in metrics. */
export type FailureCode =
  | 'command-not-found'
  | 'not-executable'
  | 'bad-working-directory'
  | 'target-port-in-use'
  | 'exited'
  | 'not-ready'
  | 'dependency-failed'
  | 'spawn-failed';

export interface Failure {
  readonly code: FailureCode;
  /** One sentence for a person: what went wrong and, where known, what to do. */
  readonly message: string;
  /** The last lines that the process wrote, oldest first; empty where there were none. */
  readonly output: readonly string[];
  /** Trying again without a change of the configuration cannot help. */
  readonly permanent: boolean;
}
