import type { Failure } from '../../core/failure.ts';
import { handoverDefaults } from '../../core/handover/defaults.ts';
import { initial, step } from '../../core/handover/handover.ts';
import type {
  HandoverConfig,
  HandoverEffect,
  HandoverEvent,
  HandoverState,
  HandoverStep,
} from '../../core/handover/types.ts';
import { Agenda } from './agenda.ts';
import { ModelDataPath } from './data-path.ts';
import type { FaultOptions } from './faults.ts';
import { Faults } from './faults.ts';
import { ModelPlatform } from './platform.ts';
import type { Use } from './use.ts';

export interface WorldOptions extends FaultOptions {
  /** After how long without use the policy of this world wishes for 0. */
  readonly idleMs: number;
  readonly longestStartMs: number;
  readonly config?: Partial<HandoverConfig>;
}

export interface Taken {
  readonly nowMs: number;
  readonly before: HandoverState;
  readonly event: HandoverEvent;
  readonly step: HandoverStep;
}

const death: Failure = { code: 'exited', message: 'exited with 1', output: [], permanent: false };

/** The handover automaton with a small model of everything around it. Messages in both directions are subject to faults; the policy is told in any case. */
export class World {
  readonly config: HandoverConfig;
  readonly agenda = new Agenda();
  readonly platform: ModelPlatform;
  readonly dataPath: ModelDataPath;
  state: HandoverState;
  /** Whether the data path sees all use. */
  known = true;
  /** Whether the last usage that the automaton was told of was known. */
  toldKnown = true;
  /** The longest that anybody has been held since faults stopped. */
  longestHeldMs = 0;
  /** Called with every step taken; throws on what must not be. */
  check: (taken: Taken, world: World) => void = () => {};
  private readonly options: WorldOptions;
  private readonly faults: Faults;
  private wish = 0;

  constructor(options: WorldOptions) {
    const limits = { minReplicas: 0, maxReplicas: 3, wakeTimeoutMs: 20_000 };
    this.options = options;
    this.config = { ...handoverDefaults, ...limits, ...options.config };
    this.faults = new Faults(options, this.agenda);
    this.platform = new ModelPlatform(this.agenda, this.faults, options.longestStartMs, {
      observed: (observed) => this.send({ type: 'observed', observed }),
      died: (uses) => this.mourn(uses),
      serves: () => this.dataPath.release(),
    });
    this.dataPath = new ModelDataPath(this.agenda, this.platform, {
      demand: () => this.deliver({ type: 'demand' }),
      quiet: () => this.send(this.usage()),
      let: (use) => this.noteHeld(use),
    });
    this.state = initial(this.config, 0, 1);
    this.agenda.after(1_000, () => this.everySecond());
  }

  runUntil(endMs: number): void {
    this.agenda.runUntil(endMs, {
      dueMs: () => this.state.deadlineMs,
      fire: () => this.deliver({ type: 'tick' }),
    });
  }

  /** An operator, or the policy, wants so many from now on; 0 until the next request. */
  want(replicas: number): void {
    this.wish = replicas;
    this.deliver({ type: 'wish', replicas });
  }

  forgive(): void {
    this.deliver({ type: 'forgive' });
  }

  /** Somebody saves another command. */
  edit(): void {
    if (this.platform.outdate()) this.deliver({ type: 'outdated' });
  }

  private deliver(event: HandoverEvent): void {
    const before = this.state;
    const nowMs = this.agenda.nowMs;
    const taken = step(this.config, before, event, nowMs);
    this.state = taken.state;
    if (event.type === 'usage') this.toldKnown = event.known;
    this.check({ nowMs, before, event, step: taken }, this);
    for (const effect of taken.effects) this.carryOut(effect);
  }

  private send(event: HandoverEvent): void {
    this.faults.deliver(() => this.deliver(event));
  }

  private carryOut(effect: HandoverEffect): void {
    if (effect.type === 'tell') return this.tell(effect.event);
    if (this.faults.loses()) return;
    if (effect.type === 'scale') return this.platform.scale(effect.replicas);
    if (effect.type === 'measure') return this.send(this.usage());
    if (effect.type === 'route') this.dataPath.follow(effect.route);
    else this.dataPath.refuse(effect.retryAtMs);
    this.send({ type: 'routed', route: this.dataPath.route });
  }

  private mourn(uses: Set<Use>): void {
    this.dataPath.cutOff(uses);
    if (!this.faults.loses()) this.send({ type: 'failed', failure: death });
  }

  /** What is not known reads 0 here, as a broken source would: the automaton must not believe it. */
  private usage(): HandoverEvent {
    const { held, inFlight } = this.known
      ? { held: this.dataPath.held.size, inFlight: this.dataPath.inFlight }
      : nil;
    return { type: 'usage', held, inFlight, known: this.known, measuredAtMs: this.agenda.nowMs };
  }

  private tell(event: string): void {
    if (event === 'request' && this.wish === 0) this.agenda.after(0, () => this.want(1));
  }

  private everySecond(): void {
    for (const use of this.dataPath.held) this.noteHeld(use);
    this.dataPath.assert();
    const idleMs = this.agenda.nowMs - this.dataPath.lastUseMs;
    if (this.known && idleMs >= this.options.idleMs) this.wish = 0;
    this.deliver({ type: 'wish', replicas: this.wish });
    this.agenda.after(1_000, () => this.everySecond());
  }

  private noteHeld(use: Use): void {
    const sinceMs = Math.max(use.sinceMs, this.options.faultsUntilMs);
    this.longestHeldMs = Math.max(this.longestHeldMs, this.agenda.nowMs - sinceMs);
  }
}

const nil = { held: 0, inFlight: 0 };
