import type { Agenda } from './agenda.ts';
import type { ModelPlatform } from './platform.ts';
import type { Use } from './use.ts';

export interface DataPathEvents {
  demand(): void;
  quiet(): void;
  /** Somebody is no longer held: released or refused. */
  let(use: Use): void;
}

/** A gate that holds, forwards and refuses, and counts what became of everybody. */
export class ModelDataPath {
  route: 'hold' | 'inline' | 'refuse' = 'hold';
  readonly held = new Set<Use>();
  arrived = 0;
  served = 0;
  refused = 0;
  /** Cut off by a death of their replica: answered 502. */
  cut = 0;
  /** When the last use ended; now, while there is one. */
  lastUseMs = 0;
  private retryAtMs = 0;
  private readonly agenda: Agenda;
  private readonly platform: ModelPlatform;
  private readonly events: DataPathEvents;

  constructor(agenda: Agenda, platform: ModelPlatform, events: DataPathEvents) {
    this.agenda = agenda;
    this.platform = platform;
    this.events = events;
  }

  get inFlight(): number {
    return this.platform.inFlight('starting', 'serving', 'terminating');
  }

  arrive(lengthMs: number): void {
    this.arrived += 1;
    if (this.route === 'refuse' && this.agenda.nowMs < this.retryAtMs) {
      this.refused += 1;
      return;
    }
    this.held.add({ sinceMs: this.agenda.nowMs, lengthMs });
    this.release();
    if (this.held.size === 1) this.events.demand();
  }

  follow(route: 'hold' | 'inline'): void {
    this.route = route;
    this.release();
  }

  refuse(retryAtMs: number): void {
    this.route = 'refuse';
    this.retryAtMs = retryAtMs;
    this.refused += this.held.size;
    this.letGo();
  }

  /** Delivered each second for as long as anybody is held. */
  assert(): void {
    if (this.held.size > 0) this.events.demand();
    if (this.held.size > 0 || this.inFlight > 0) this.lastUseMs = this.agenda.nowMs;
  }

  release(): void {
    const replica = this.platform.anyServing();
    if (this.route !== 'inline' || !replica) return;
    for (const use of this.held) {
      replica.uses.add(use);
      this.agenda.after(use.lengthMs, () => this.finish(replica.uses, use));
    }
    this.letGo();
  }

  /** Their replica died. */
  cutOff(uses: Set<Use>): void {
    this.cut += uses.size;
    uses.clear();
  }

  private finish(uses: Set<Use>, use: Use): void {
    if (!uses.delete(use)) return;
    this.served += 1;
    this.lastUseMs = this.agenda.nowMs;
    if (this.inFlight === 0 && this.route !== 'inline') this.events.quiet();
  }

  private letGo(): void {
    for (const use of this.held) this.events.let(use);
    this.held.clear();
  }
}
