/** Open client connections of the whole process. */
export class ConnectionBudget {
  readonly limit: number;
  private taken = 0;
  private warned = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  take(): boolean {
    if (this.taken >= this.limit) return false;
    this.taken += 1;
    return true;
  }

  giveBack(): void {
    this.taken -= 1;
    if (this.taken < this.limit / 2) this.warned = false;
  }

  /** Once per crowd: a flood of connections is not to become a flood of log lines. */
  warnOnce(warn: () => void): void {
    if (this.warned) return;
    this.warned = true;
    warn();
  }
}
