/** One client's request, from its arrival to its answer. */
export interface Use {
  readonly sinceMs: number;
  /** How long it is in flight once released. */
  readonly lengthMs: number;
}
