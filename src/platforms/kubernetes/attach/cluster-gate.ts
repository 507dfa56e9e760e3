import type { AppSpec } from '../../../core/app.ts';
import type { GateHandle, GateObserver, Route, Usage } from '../../../ports/data-path.ts';
import type { Idleness } from '../evidence/received-bytes.ts';
import { latest, type MeasuredUse } from '../reports/activator-reports.ts';
import type { Side } from '../switching/types.ts';
import type { Attachment } from './attachment.ts';

export interface ClusterGateDeps {
  /** The gate of the activator in this process, for what is the same everywhere. */
  readonly own: GateHandle;
  readonly attach: (told: { routed(side: Side): void; gaveUp(reason: string): void }) => Attachment;
  /** What all activators see of the app. */
  readonly activators: () => MeasuredUse;
  /** What its pods receive besides. */
  readonly pods: () => Idleness;
  readonly observer: GateObserver;
  readonly gaveUp: (reason: string) => void;
}

/**
 * The data path of one app in a whole cluster, as the leader's control loop sees it. Routes are brought about by the switch; where the activators are not all there is to see, use is known only
 * with what the pods tell.
 */
export class ClusterGate implements GateHandle {
  readonly #deps: ClusterGateDeps;
  readonly #attachment: Attachment;

  constructor(deps: ClusterGateDeps) {
    this.#deps = deps;
    this.#attachment = deps.attach({
      routed: (side) => this.#deps.observer.routed(side === 'hold' ? 'hold' : 'inline'),
      gaveUp: deps.gaveUp,
    });
  }

  get attachment(): Attachment {
    return this.#attachment;
  }

  /** Activators forward, hold or refuse by themselves. Only that everybody comes to them takes time: `inline` is so at once, and a refusal is theirs. */
  route({ mode }: Route): boolean {
    this.#attachment.want(mode === 'hold' ? 'hold' : 'direct');
    return mode !== 'hold';
  }

  /** While every new connection comes to the activators, what is left at the pods are connections from before: these are seen by what the pods receive, too. */
  usage(): Usage {
    const { activators, pods, own } = this.#deps;
    const seen = activators();
    const { lastUse } = own.usage();
    if (this.#attachment.state.pods.serving === 0) return { ...seen, lastUse };
    const { covered, lastUseAtMs } = pods();
    return {
      ...seen,
      lastUse,
      covered: seen.covered && covered,
      lastUseAtMs: latest(seen.lastUseAtMs, lastUseAtMs),
    };
  }

  inFlightAt(endpointId: string): number {
    return this.#deps.own.inFlightAt(endpointId);
  }

  visitors(limit: number): ReturnType<GateHandle['visitors']> {
    return this.#deps.own.visitors(limit);
  }

  counters(): ReturnType<GateHandle['counters']> {
    return this.#deps.own.counters();
  }

  update(app: AppSpec): Promise<void> {
    return this.#deps.own.update(app);
  }

  /** What the switch has written stands: whoever leads next finds it. */
  close(graceMs: number): Promise<void> {
    this.#attachment.stop();
    return this.#deps.own.close(graceMs);
  }
}
