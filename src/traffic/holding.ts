import { notAwake, queueFull, type Refused } from './refusals.ts';
import type { GateParts, Release } from './release.ts';
import type { Seat } from './seat.ts';

/** Who of those that cannot go ahead at once may wait. */
export class Holding {
  maxHeld: number;
  /** How many have asked for a unit and were held for it. */
  held = 0;
  private readonly parts: GateParts;
  private readonly release: Release;

  constructor(parts: GateParts, release: Release, maxHeld: number) {
    this.parts = parts;
    this.release = release;
    this.maxHeld = maxHeld;
  }

  holdOrRefuse(seat: Seat): void {
    const { says, queue, coldStart } = this.parts;
    const why = says.whyRefuse(seat.arrivedAtMs) ?? this.whyNotHeld(seat);
    if (why !== null) return this.release.refuse(seat, why);
    if (!queue.join(seat, this.maxHeld)) return this.release.refuse(seat, queueFull(says.stateName));
    if (seat.knocker === null) this.held += 1;
    if (!says.awake) coldStart.held(seat);
    this.release.joined(seat.arrivedAtMs);
    this.demandIfFirst(seat);
  }

  /** Back into the queue after a refused dial, if anything is left to wait for. */
  rejoin(seat: Seat, nowMs: number): void {
    const why = this.whyNotAgain(seat, nowMs);
    if (why !== null) {
      this.parts.coldStart.gone(seat);
      return this.release.refuse(seat, why);
    }
    this.parts.queue.rejoin(seat);
    this.release.joined(nowMs);
  }

  /** The one that knocked asks for a unit from now on, in its place. */
  settle(seat: Seat): void {
    seat.knocker = null;
    this.held += 1;
    this.release.run();
  }

  /** While a refusal that is over stands, each arrival is demand: the one who set it may have stopped listening to the level. */
  demandIfFirst(seat: Seat): void {
    if (seat.state !== 'held' || !seat.counts) return;
    const { queue, says, observer } = this.parts;
    if (queue.wanting === 1 || says.isRefusing) observer.demand(seat.occupant.describe());
  }

  private whyNotHeld(seat: Seat): Refused | null {
    const { says } = this.parts;
    return seat.counts || says.awake ? null : notAwake(says.stateName);
  }

  private whyNotAgain(seat: Seat, nowMs: number): Refused | null {
    const { holdTimeoutMs } = this.release;
    if (nowMs - seat.arrivedAtMs < holdTimeoutMs) return this.whyNotHeld(seat);
    return this.parts.says.whyOverdue(holdTimeoutMs);
  }
}
