/** Places for held connections and requests in the whole process, shared by all gates. */
export class HoldBudget {
  readonly limit: number;
  private taken = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.taken;
  }

  /** False when every place is taken. */
  take(): boolean {
    if (this.taken >= this.limit) return false;
    this.taken += 1;
    return true;
  }

  /** For one who had a place, gave it up to go ahead, and was sent back. */
  takeAnyway(): void {
    this.taken += 1;
  }

  giveBack(): void {
    this.taken -= 1;
  }
}
