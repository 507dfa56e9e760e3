import { leastInFlight } from '../core/balance/least-in-flight.ts';
import type { Endpoint } from '../ports/data-path.ts';
import { CountedSlot } from './counted-slot.ts';

/** The endpoints of a route, and those that have left it while something is in flight there. */
export class Slots {
  private readonly byId = new Map<string, CountedSlot>();
  private open: CountedSlot[] = [];
  private turn = 0;

  /** The new route. Returns the endpoints that left it and have nothing in flight. */
  replace(endpoints: readonly Endpoint[]): string[] {
    const before = this.open;
    this.open = [...new Set(endpoints.map((endpoint) => this.enter(endpoint)))];
    this.turn = 0;
    const gone: string[] = [];
    for (const slot of before) {
      if (this.open.includes(slot)) continue;
      slot.live = false;
      for (const retire of slot.onRetired) retire();
      if (this.forgetIfVacant(slot)) gone.push(slot.id);
    }
    return gone;
  }

  /** Any endpoint in the route, whether it has room or not. */
  get some(): boolean {
    return this.open.length > 0;
  }

  has(endpointId: string): boolean {
    return this.byId.get(endpointId)?.live === true;
  }

  inFlightAt(endpointId: string): number {
    return this.byId.get(endpointId)?.inFlight ?? 0;
  }

  /** Takes a unit of the slot with the least in flight; `null` when none has room now. */
  take(limit: number, nowMs: () => number): CountedSlot | null {
    const index = leastInFlight(this.open, this.turn, limit);
    const slot = this.open[index];
    if (slot === undefined) return null;
    const chosen = slot.strikes === 0 ? slot : this.takeTried(limit, nowMs());
    if (chosen === null) return null;
    this.turn = (this.open.indexOf(chosen) + 1) % this.open.length;
    chosen.inFlight += 1;
    return chosen;
  }

  /** Gives a unit back; true when an endpoint outside the route has become vacant by it. */
  giveBack(slot: CountedSlot): boolean {
    slot.inFlight -= 1;
    return !slot.live && this.forgetIfVacant(slot);
  }

  /** The slot refused a dial. True where that is news. */
  strike(slot: CountedSlot, nowMs: number): boolean {
    return slot.live && slot.strike(nowMs);
  }

  /** The slot has answered. True when that opens it again. */
  answered(slot: CountedSlot): boolean {
    if (slot.strikes === 0) return false;
    slot.pardon();
    return true;
  }

  /** When the next paused slot opens; `Infinity` when none is paused. */
  opensAtMs(nowMs: number): number {
    let earliest = Infinity;
    for (const slot of this.open) {
      if (slot.closedUntilMs > nowMs) earliest = Math.min(earliest, slot.closedUntilMs);
    }
    return earliest;
  }

  /** The slower choice, while some slot is known to refuse. */
  private takeTried(limit: number, nowMs: number): CountedSlot | null {
    for (const slot of this.open) slot.pardonIfTried(nowMs);
    const ready = this.open.filter((slot) => slot.strikes === 0 || nowMs >= slot.closedUntilMs);
    const chosen = ready[leastInFlight(ready, 0, limit)];
    if (chosen === undefined) return null;
    if (chosen.strikes > 0) chosen.letOneTry(nowMs);
    return chosen;
  }

  private enter(endpoint: Endpoint): CountedSlot {
    const known = this.byId.get(endpoint.id);
    if (known === undefined) {
      const slot = new CountedSlot(endpoint);
      this.byId.set(slot.id, slot);
      return slot;
    }
    known.endpoint = endpoint;
    if (!known.live) known.pardon();
    known.live = true;
    return known;
  }

  private forgetIfVacant(slot: CountedSlot): boolean {
    if (slot.inFlight > 0) return false;
    this.byId.delete(slot.id);
    return true;
  }
}
