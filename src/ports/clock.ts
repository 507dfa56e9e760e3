/** The only source of time outside `platforms` adapters. Tests and the simulation replace it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps; fractions count. */
  monoMs(): number;
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  /** Calls back once after `delayMs` (at least 0). The timer does not keep the process alive by itself. */
  after(delayMs: number, callback: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}
