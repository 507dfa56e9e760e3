import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import type { EndpointSlice } from '../client/resources.ts';
import { diffSlices } from '../slices/diff-slices.ts';
import type { SliceStage } from '../slices/endpoints.ts';
import { OwnSlices } from '../slices/own-slices.ts';
import { type SliceWish, wantedSlices } from '../slices/wanted-slices.ts';
import { writeSlices } from '../slices/write-slices.ts';

export interface SliceKeeperDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What should be, but for the stage. */
  readonly wish: () => Omit<SliceWish, 'stage'>;
  /** Our slices of the app, as a watch tells of them. */
  readonly watched: () => Iterable<EndpointSlice>;
  /** All that should be is stored, at the stage that was asked for last. */
  readonly stored: (stage: SliceStage) => void;
}

const retryMs = 500;

/** Keeps the slices of one app at the stage that was asked for last, one write at a time. */
export class SliceKeeper {
  readonly #deps: SliceKeeperDeps;
  readonly #own: OwnSlices;
  #stage: SliceStage | null = null;
  #isWriting = false;
  #retry: Timer | null = null;
  #stopped = false;

  constructor(deps: SliceKeeperDeps) {
    this.#deps = deps;
    this.#own = new OwnSlices(deps.watched);
  }

  /** Told by `stored` when it is so, each time it is asked. */
  set(stage: SliceStage): void {
    this.#stage = stage;
    this.look();
  }

  /** Something has changed that the slices follow from. */
  look(): void {
    if (this.#isWriting || this.#stopped || this.#stage === null) return;
    this.#isWriting = true;
    void this.#write(this.#stage);
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
  }

  async #write(stage: SliceStage): Promise<void> {
    const { api, clock, logger, wish, stored } = this.#deps;
    this.#retry?.cancel();
    try {
      const isDone = await this.#step(api, { ...wish(), stage });
      this.#isWriting = false;
      if (this.#stopped) return;
      if (!isDone || this.#stage !== stage) this.look();
      else stored(stage);
    } catch (error) {
      this.#isWriting = false;
      if (this.#stopped) return;
      logger.warn({ error: asKubeError(error), app: wish().app }, 'EndpointSlices cannot be written for now');
      this.#retry = clock.after(retryMs, () => this.look());
    }
  }

  /** True when nothing was left to write. */
  async #step(api: KubeApi, wish: SliceWish): Promise<boolean> {
    const existing = this.#own.current();
    const changes = diffSlices(wantedSlices(wish, existing), existing);
    if (changes.apply.length + changes.remove.length === 0) return true;
    this.#own.note(await writeSlices(api, changes));
    return false;
  }
}
