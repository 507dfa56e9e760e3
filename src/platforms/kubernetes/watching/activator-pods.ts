import { type Node, nodes, type Pod, pods } from '../client/resources.ts';
import { WatchCache } from '../client/watch/watch-cache.ts';
import { type Activator, activatorOf } from '../slices/activators.ts';
import type { WatchDeps } from './watched.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

export interface ActivatorPodsDeps extends WatchDeps {
  /** Where Drowse itself runs, and the labels of its replicas. */
  readonly namespace: string;
  readonly labelSelector: string;
  readonly changed: () => void;
}

/** The replicas of Drowse, as destinations, and the nodes that there are. */
export class ActivatorPods {
  readonly #pods: WatchCache<Pod>;
  readonly #nodes: WatchCache<Node>;

  constructor({ namespace, labelSelector, changed, ...deps }: ActivatorPodsDeps) {
    this.#pods = new WatchCache({ ...deps, resource: pods, selection: { namespace, labelSelector } });
    this.#nodes = new WatchCache({ ...deps, resource: nodes });
    const handlers = { added: changed, changed, removed: changed };
    this.#pods.subscribe(handlers);
    // A node tells of itself every few minutes; what matters here is where it is.
    this.#nodes.subscribe({
      added: changed,
      removed: changed,
      changed: (now, before) => (zoneOf(now) === zoneOf(before) ? undefined : changed()),
    });
  }

  start(): void {
    this.#pods.start();
    this.#nodes.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#pods.stop(), this.#nodes.stop()]);
  }

  get isSynced(): boolean {
    return this.#pods.isSynced && this.#nodes.isSynced;
  }

  activators(): readonly Activator[] {
    return [...this.#pods.values()].flatMap(
      (pod) => activatorOf(pod, (name) => zoneOf(this.#nodes.get({ name }))) ?? [],
    );
  }

  nodes(): Iterable<Node> {
    return this.#nodes.values();
  }
}

function zoneOf(node: Node | undefined): string | null {
  return node?.metadata.labels?.[zoneLabel] ?? null;
}
