import { KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import type { KubeObject, ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import type { Resource } from '../../../platforms/kubernetes/client/resource.ts';
import { replicasOf, scaleOf, writeScale } from '../../../platforms/kubernetes/client/scale.ts';
import type { Timer } from '../../../ports/clock.ts';
import type { Actor, ActorDeps } from './actor.ts';

/** The controller's defaults. */
const periodMs = 15_000;
const tolerance = 0.1;
const downscaleWindowMs = 300_000;

export interface HpaOptions {
  readonly resource: Resource<KubeObject>;
  readonly key: ObjectKey;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** What is used of what should be used (1 is as wanted), over all replicas; `null` where it is not known. */
  readonly usage: (replicas: number) => number | null;
}

/** A HorizontalPodAutoscaler: it owns the count of what it scales, but for 0, which it takes for being switched off. */
export class HorizontalPodAutoscaler implements Actor {
  private readonly deps: ActorDeps;
  private readonly options: HpaOptions;
  private readonly recommended: { readonly atMs: number; readonly replicas: number }[] = [];
  private timer: Timer | null = null;
  private working: Promise<void> | null = null;

  constructor(deps: ActorDeps, options: HpaOptions) {
    this.deps = deps;
    this.options = options;
  }

  start(): void {
    this.timer = this.deps.clock.after(periodMs, () => {
      this.working = this.look().finally(() => this.start());
    });
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.working;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    try {
      const { resource, key } = this.options;
      const scale = await this.deps.api.get(scaleOf(resource), key);
      const current = replicasOf(scale);
      const wanted = current === 0 ? 0 : this.wanted(current);
      const { resourceVersion = '' } = scale.metadata;
      if (wanted !== current)
        await writeScale(this.deps.api, resource, key, { replicas: wanted, resourceVersion });
    } catch (error) {
      // What failed, or was changed by somebody else meanwhile, is looked at anew next time.
      if (!(error instanceof KubeError)) throw error;
    }
  }

  /** Up at once; down to the highest that was right in the last five minutes. */
  private wanted(current: number): number {
    const usage = this.options.usage(current);
    if (usage === null) return current;
    const atMs = this.deps.clock.monoMs();
    this.recommended.push({
      atMs,
      replicas: Math.abs(usage - 1) <= tolerance ? current : Math.ceil(current * usage),
    });
    const recent = this.recommended.filter((one) => one.atMs > atMs - downscaleWindowMs);
    const latest = recent.at(-1)?.replicas ?? current;
    const stable =
      latest >= current ? latest : Math.min(current, Math.max(...recent.map(({ replicas }) => replicas)));
    const { minReplicas, maxReplicas } = this.options;
    return Math.min(maxReplicas, Math.max(minReplicas, stable));
  }
}
