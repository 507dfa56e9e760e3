import type { SliceStage } from '../../platforms/kubernetes/slices/endpoints.ts';
import { initial, step } from '../../platforms/kubernetes/switching/switching.ts';
import type {
  Side,
  SwitchConfig,
  SwitchEffect,
  SwitchEvent,
  SwitchState,
} from '../../platforms/kubernetes/switching/types.ts';
import { SimRandom } from '../sim/random.ts';
import { Agenda } from '../handover-world/agenda.ts';
import { type ClusterOptions, ModelCluster } from './cluster.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly cluster: ClusterOptions;
  readonly config: SwitchConfig;
  /** Chance that an effect is lost, or an event delivered twice, until `faultsUntilMs`. */
  readonly loss: number;
  readonly repeat: number;
  readonly faultsUntilMs: number;
}

export interface Taken {
  readonly before: SwitchState;
  readonly event: SwitchEvent;
  readonly state: SwitchState;
  readonly effects: readonly SwitchEffect[];
}

const barrierTimeoutMs = 5_000;
/** The handover says again what it wants. */
const wantAgainMs = 2_000;

/** One switch in a model cluster, its effects carried out late, and until the faults end not always. */
export class SwitchWorld {
  readonly agenda = new Agenda();
  readonly cluster: ModelCluster;
  readonly config: SwitchConfig;
  state: SwitchState;
  /** What the handover wants, and what it was told last. */
  wanted: Side = 'direct';
  told: Side | null = null;
  /** Index of the revision that the last barrier that passed was about. */
  passedRevision = 0;
  check: (taken: Taken, world: SwitchWorld) => void = () => {};
  private readonly options: WorldOptions;
  private readonly random: SimRandom;
  private asked: SliceStage = 'absent';
  private writing = false;
  private readonly barriers = new Set<number>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.config = options.config;
    this.random = new SimRandom(options.seed);
    this.cluster = new ModelCluster(this.agenda, this.random, options.cluster);
    this.cluster.changed = ({ ready, serving }) => this.deliver({ type: 'pods', pods: { ready, serving } });
    this.state = initial('absent', 0);
    this.agenda.at(0, () => this.deliver({ type: 'activators', count: 2 }));
    this.agenda.at(0, () => this.wantAgain());
  }

  want(side: Side): void {
    this.wanted = side;
    this.deliver({ type: 'want', side });
  }

  deliver(event: SwitchEvent): void {
    this.take(event);
    if (this.isFaulty(this.options.repeat)) this.take(event);
  }

  runUntil(endMs: number): void {
    this.agenda.runUntil(endMs, {
      dueMs: () => this.state.deadlineMs,
      fire: () => this.take({ type: 'tick' }),
    });
  }

  private wantAgain(): void {
    this.deliver({ type: 'want', side: this.wanted });
    this.agenda.after(wantAgainMs, () => this.wantAgain());
  }

  private take(event: SwitchEvent): void {
    const before = this.state;
    const { state, effects } = step(this.config, before, event, this.agenda.nowMs);
    this.state = state;
    this.check({ before, event, state, effects }, this);
    for (const effect of effects) if (!this.isFaulty(this.options.loss)) this.carryOut(effect);
  }

  private isFaulty(chance: number): boolean {
    return this.agenda.nowMs < this.options.faultsUntilMs && this.random.next() < chance;
  }

  private carryOut(effect: SwitchEffect): void {
    if (effect.type === 'slice') this.write(effect.stage);
    else if (effect.type === 'barrier') this.askNodes(effect.barrier);
    else if (effect.type === 'take-out') this.agenda.after(this.delayMs(), () => this.takeOut());
    else if (effect.type === 'give-back') this.agenda.after(this.delayMs(), () => this.giveBack());
    else if (effect.type === 'routed') this.told = effect.side;
  }

  /** Carried out as the newest wish has it: a command that comes late must not undo a later one. */
  private takeOut(): void {
    const { step: at } = this.state;
    if (at === 'taking-out' || at === 'settling' || at === 'holding') this.cluster.takeOut();
  }

  private giveBack(): void {
    const { step: at } = this.state;
    if (at !== 'taking-out' && at !== 'settling' && at !== 'holding') this.cluster.giveBack();
  }

  private write(stage: SliceStage): void {
    this.asked = stage;
    if (this.writing) return;
    this.writing = true;
    this.agenda.after(this.delayMs(), () => {
      this.writing = false;
      const written = this.asked;
      if (this.cluster.newest.ours !== written) this.cluster.writeSlice(written);
      this.agenda.after(this.delayMs(), () => {
        if (this.asked === written && !this.writing) this.deliver({ type: 'written', stage: written });
      });
    });
  }

  private askNodes(barrier: number): void {
    if (this.barriers.has(barrier)) return;
    this.barriers.add(barrier);
    this.cluster.barrier(barrierTimeoutMs, (unseen, revision) => {
      // Who is told has seen what was there when the nodes were asked: its view is no older.
      this.agenda.at(this.cluster.toldAtMs(revision), () => {
        this.barriers.delete(barrier);
        if (barrier === this.state.barrier) this.passedRevision = revision;
        this.deliver({ type: 'passed', barrier, unseen });
      });
    });
  }

  private delayMs(): number {
    return Math.floor(this.random.next() * 40);
  }
}
