/** What the barrier needs of the network. */
export interface CanaryNet {
  /**
   * Listens on a port that was not used before, and tells everybody who connects which generation it is. Resolves to the port. A node that lags may lead to any place of the
   * past, so a place is closed only when none does.
   */
  open(generation: number): Promise<number>;
  /** The places of generations before this one are not needed any more. */
  closeBefore(generation: number): void;
  /** Connects, and resolves to the generation that it is told; `null` when nobody of ours answers in time. Never rejects. */
  dial(host: string, port: number, timeoutMs: number): Promise<number | null>;
  stop(): void;
}
