import type { Observed } from '../../core/handover/types.ts';
import type { Agenda } from './agenda.ts';
import type { Faults } from './faults.ts';
import type { Use } from './use.ts';

export interface ModelReplica {
  phase: 'starting' | 'serving' | 'terminating';
  readonly uses: Set<Use>;
}

export interface PlatformEvents {
  observed(observed: Observed): void;
  /** A start failed, or a replica that served died. */
  died(uses: Set<Use>): void;
  serves(): void;
}

const longestStopMs = 3_000;
const drainPollMs = 100;

/** Replicas that take time to start and to stop, and die when they are told to. */
export class ModelPlatform {
  readonly replicas = new Set<ModelReplica>();
  private readonly agenda: Agenda;
  private readonly faults: Faults;
  private readonly longestStartMs: number;
  private readonly events: PlatformEvents;

  constructor(agenda: Agenda, faults: Faults, longestStartMs: number, events: PlatformEvents) {
    this.agenda = agenda;
    this.faults = faults;
    this.longestStartMs = longestStartMs;
    this.events = events;
  }

  scale(replicas: number): void {
    const living = [...this.replicas].filter(({ phase }) => phase !== 'terminating');
    for (const replica of living.slice(replicas)) this.stop(replica);
    for (let missing = replicas - living.length; missing > 0; missing -= 1) this.start();
    this.tell();
  }

  /** The configuration has changed what starts: those that have not served yet are stopped. */
  outdate(): boolean {
    const starting = [...this.replicas].filter(({ phase }) => phase === 'starting');
    for (const replica of starting) this.stop(replica);
    this.tell();
    return starting.length > 0;
  }

  /** One of those that serve dies. */
  crash(): void {
    const replica = this.anyServing();
    if (replica) this.die(replica);
  }

  anyServing(): ModelReplica | undefined {
    return [...this.replicas].find(({ phase }) => phase === 'serving');
  }

  observed(): Observed {
    const observed = { starting: 0, serving: 0, terminating: 0 };
    for (const { phase } of this.replicas) observed[phase] += 1;
    return observed;
  }

  /** Uses in flight at replicas in these phases. */
  inFlight(...phases: ModelReplica['phase'][]): number {
    let uses = 0;
    for (const replica of this.replicas) if (phases.includes(replica.phase)) uses += replica.uses.size;
    return uses;
  }

  private tell(): void {
    this.events.observed(this.observed());
  }

  private start(): void {
    const replica: ModelReplica = { phase: 'starting', uses: new Set() };
    this.replicas.add(replica);
    const fails = this.faults.failsToStart();
    this.agenda.after(this.faults.random.between(1, this.longestStartMs), () => {
      if (replica.phase !== 'starting') return;
      if (fails) return this.die(replica);
      replica.phase = 'serving';
      this.tell();
      this.events.serves();
    });
  }

  /** Its drain time is longer than any use here, so what is in flight ends first. */
  private stop(replica: ModelReplica): void {
    replica.phase = 'terminating';
    const leave = (): void => {
      if (replica.uses.size > 0) return this.agenda.after(drainPollMs, leave);
      this.replicas.delete(replica);
      this.tell();
    };
    this.agenda.after(this.faults.random.between(0, longestStopMs), leave);
  }

  private die(replica: ModelReplica): void {
    this.replicas.delete(replica);
    this.events.died(replica.uses);
    this.tell();
  }
}
