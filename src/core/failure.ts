/** Why an app could not be woken, or died. Codes are stable: they appear in answers, in the API and in metrics. */
export type FailureCode = CommonFailureCode | ProcessFailureCode | WorkloadFailureCode;

export type CommonFailureCode = 'exited' | 'not-ready' | 'dependency-failed';

/** Of processes of this machine. */
export type ProcessFailureCode =
  'command-not-found' | 'not-executable' | 'bad-working-directory' | 'target-port-in-use' | 'spawn-failed';

/** Of workloads in a cluster. */
export type WorkloadFailureCode =
  | 'quota-exceeded'
  | 'limit-exceeded'
  | 'admission-denied'
  | 'pod-not-created'
  | 'no-nodes'
  | 'unschedulable'
  | 'volume-missing'
  | 'image-pull'
  | 'container-not-created'
  | 'crash-loop';

export interface Failure {
  readonly code: FailureCode;
  /** One sentence for a person: what went wrong and, where known, what to do. */
  readonly message: string;
  /** The last lines that the process wrote, oldest first; empty where there were none. */
  readonly output: readonly string[];
  /** Trying again without a change of the configuration cannot help. */
  readonly permanent: boolean;
}
