export interface HttpLimits {
  /** Request line and header fields together; larger ones get 431. */
  readonly maxHeadBytes: number;
  /** From the first byte of a request (or from the accept) to the end of its head; then 408. */
  readonly headTimeoutMs: number;
  /** How long a kept-alive connection may carry nothing. */
  readonly idleTimeoutMs: number;
  /** How long a connection is read on after its last answer, so that the client gets that answer rather than a reset. */
  readonly lingerMs: number;
  /** How long a client may neither send the next piece of a body nor read the next piece of an answer. */
  readonly bodyIdleTimeoutMs: number;
  /** How long a dial to the app may take. */
  readonly dialTimeoutMs: number;
  /** How long a connection to the app is kept without use. */
  readonly poolIdleMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  maxHeadBytes: 16 * 1024,
  headTimeoutMs: 15_000,
  idleTimeoutMs: 600_000,
  lingerMs: 2_000,
  bodyIdleTimeoutMs: 120_000,
  dialTimeoutMs: 5_000,
  poolIdleMs: 30_000,
};
