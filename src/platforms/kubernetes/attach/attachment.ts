import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { KubeApi } from '../client/kube-api.ts';
import type { EndpointSlice, Pod } from '../client/resources.ts';
import { podLevel } from '../pods/pod-level.ts';
import type { SliceStage } from '../slices/endpoints.ts';
import type { SliceWish } from '../slices/wanted-slices.ts';
import { initial, step } from '../switching/switching.ts';
import type { Side, SwitchConfig, SwitchEffect, SwitchEvent, SwitchState } from '../switching/types.ts';
import { ReadinessKeeper } from './readiness-keeper.ts';
import { SliceKeeper } from './slice-keeper.ts';

/** What watches tell of one app. */
export interface AppView {
  readonly pods: () => Iterable<Pod>;
  /** Those of its Services that Kubernetes keeps. */
  readonly kubernetesSlices: () => Iterable<EndpointSlice>;
  readonly ourSlices: () => Iterable<EndpointSlice>;
  /** Its Services, ports, and the activators there are. */
  readonly wish: () => Omit<SliceWish, 'stage'>;
}

export interface AttachmentDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: SwitchConfig;
  readonly view: AppView;
  /**
   * Resolves to the nodes that have not applied, in bounded time, what was stored before the call. The view must have seen that by then, too, or a pod that it does not know yet would be
   * taken for none.
   */
  readonly passNodes: () => Promise<readonly string[]>;
  readonly routed: (side: Side) => void;
  readonly gaveUp: (reason: string) => void;
}

/**
 * One app, attached to its Services as they are (transparent): carries out what its switch says. Belongs to the leader; after `stop` nothing is written any more, and what is written stands.
 */
export class Attachment {
  readonly #deps: AttachmentDeps;
  readonly #slices: SliceKeeper;
  readonly #readiness: ReadinessKeeper;
  #state: SwitchState;
  /** The barrier of which an answer is awaited. */
  #asked: number | null = null;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(deps: AttachmentDeps) {
    const { api, clock, logger, view } = deps;
    this.#deps = deps;
    this.#state = initial(stageOf(view.ourSlices()), clock.monoMs());
    this.#slices = new SliceKeeper({
      api,
      clock,
      logger,
      wish: view.wish,
      watched: view.ourSlices,
      stored: (stage) => this.#take({ type: 'written', stage }),
    });
    this.#readiness = new ReadinessKeeper({ api, clock, logger, pods: view.pods });
    this.changed();
  }

  get state(): SwitchState {
    return this.#state;
  }

  /** Answered through `routed`, as often as it is asked. */
  want(side: Side): void {
    this.#take({ type: 'want', side });
  }

  /** Something that the view tells has changed. */
  changed(): void {
    if (this.#stopped) return;
    const { view } = this.#deps;
    const count = view.wish().activators.filter(({ isReady, isEnding }) => isReady && !isEnding).length;
    if (count !== this.#state.activators) this.#take({ type: 'activators', count });
    const pods = podLevel(view.pods(), view.kubernetesSlices());
    if (pods.ready !== this.#state.pods.ready || pods.serving !== this.#state.pods.serving)
      this.#take({ type: 'pods', pods });
    this.#slices.look();
    this.#readiness.look();
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#slices.stop();
  }

  #take(event: SwitchEvent): void {
    if (this.#stopped) return;
    const { clock, config } = this.#deps;
    const { state, effects } = step(config, this.#state, event, clock.monoMs());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#arm();
  }

  #carryOut(effect: SwitchEffect): void {
    switch (effect.type) {
      case 'slice':
        return this.#slices.set(effect.stage);
      case 'barrier':
        return void this.#ask(effect.barrier);
      case 'take-out':
        return this.#readiness.takeOut();
      case 'give-back':
        return this.#readiness.giveBack();
      case 'routed':
        return this.#deps.routed(effect.side);
      case 'gave-up':
        return this.#deps.gaveUp(effect.reason);
    }
  }

  async #ask(barrier: number): Promise<void> {
    if (this.#asked === barrier) return;
    this.#asked = barrier;
    const unseen = await this.#deps.passNodes();
    if (this.#asked === barrier) this.#asked = null;
    this.#take({ type: 'passed', barrier, unseen });
  }

  #arm(): void {
    this.#timer?.cancel();
    const { clock } = this.#deps;
    const { deadlineMs } = this.#state;
    if (deadlineMs === null || this.#stopped) return;
    this.#timer = clock.after(Math.max(0, deadlineMs - clock.monoMs()), () => this.#take({ type: 'tick' }));
  }
}

/** What an earlier leader has left. */
function stageOf(slices: Iterable<EndpointSlice>): SliceStage {
  let stage: SliceStage = 'absent';
  for (const { endpoints } of slices) {
    const isReady = (endpoints ?? []).some(({ conditions }) => conditions?.terminating !== true);
    if (isReady) return 'ready';
    stage = 'leaving';
  }
  return stage;
}
