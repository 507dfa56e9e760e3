/** Open client connections of the whole process. */
export class ConnectionBudget {
  private readonly limit: number;
  private taken = 0;

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
  }
}
