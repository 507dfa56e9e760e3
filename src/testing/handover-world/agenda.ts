interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** So many things at one instant are no progress. */
const mostAtOnce = 10_000;

/** Simulated time, synchronous: what is planned for one instant happens in the order in which it was planned. */
export class Agenda {
  nowMs = 0;
  private order = 0;
  private atOnce = 0;
  private readonly planned: Planned[] = [];

  at(atMs: number, run: () => void): void {
    this.planned.push({ atMs: Math.max(atMs, this.nowMs), order: (this.order += 1), run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** `timer` says when a timer outside the agenda is due, and fires after everything planned for that instant. */
  runUntil(endMs: number, timer: { dueMs(): number | null; fire(): void }): void {
    for (;;) {
      const next = this.earliest();
      const dueMs = timer.dueMs() ?? Infinity;
      const first = next !== undefined && next.atMs <= dueMs ? next : null;
      const atMs = Math.max(first?.atMs ?? dueMs, this.nowMs);
      if (atMs > endMs) break;
      this.moveTo(atMs);
      if (first) this.take(first);
      else timer.fire();
    }
    this.moveTo(endMs);
  }

  private moveTo(atMs: number): void {
    this.atOnce = atMs > this.nowMs ? 0 : this.atOnce + 1;
    if (this.atOnce > mostAtOnce) throw new Error(`time stands still at ${atMs} ms`);
    this.nowMs = atMs;
  }

  private earliest(): Planned | undefined {
    return this.planned.reduce<Planned | undefined>(
      (best, each) => (best && isBefore(best, each) ? best : each),
      undefined,
    );
  }

  private take(planned: Planned): void {
    this.planned.splice(this.planned.indexOf(planned), 1);
    planned.run();
  }
}

function isBefore(one: Planned, other: Planned): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
