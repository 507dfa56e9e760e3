import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import type { Pod } from '../client/resources.ts';
import { giveBack, takeOut } from '../pods/readiness.ts';

export interface ReadinessKeeperDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pods: () => Iterable<Pod>;
}

/** Takes the pods of one app out of their Services, or lets them be. */
export class ReadinessKeeper {
  readonly #deps: ReadinessKeeperDeps;
  /** Pods of which an answer is awaited, by uid. */
  readonly #busy = new Set<string>();
  #isOut = false;

  constructor(deps: ReadinessKeeperDeps) {
    this.#deps = deps;
  }

  /** Those that are ready now. One that comes back is not taken out again by itself: how often that is worth while is not known here. */
  takeOut(): void {
    this.#isOut = true;
    this.#writeAll();
  }

  giveBack(): void {
    this.#isOut = false;
    this.#writeAll();
  }

  /** The pods have changed: a write of which nothing was known yet, ours or an earlier leader's, may have taken one out. */
  look(): void {
    if (!this.#isOut) this.#writeAll();
  }

  #writeAll(): void {
    for (const pod of this.#deps.pods()) void this.#write(pod, this.#isOut);
  }

  async #write(pod: Pod, isOut: boolean): Promise<void> {
    const uid = pod.metadata.uid ?? '';
    if (this.#busy.has(uid)) return;
    this.#busy.add(uid);
    const { api, clock, logger } = this.#deps;
    try {
      await (isOut ? takeOut : giveBack)(api, pod, clock.wallMs());
    } catch (error) {
      logger.warn(
        { error: asKubeError(error), pod: pod.metadata.name },
        'readiness cannot be written for now',
      );
    }
    this.#busy.delete(uid);
    if (isOut !== this.#isOut) this.#writeAll();
  }
}
