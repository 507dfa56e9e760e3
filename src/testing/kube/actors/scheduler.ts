import { KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { keyOf, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import { objectPath, statusOf, subresourceOf } from '../../../platforms/kubernetes/client/resource.ts';
import { type Node, nodes, type Pod, pods } from '../../../platforms/kubernetes/client/resources.ts';
import { type Actor, type ActorDeps, cacheOf, isGoing } from './actor.ts';
import { conditionOf, isTerminal } from './pods.ts';
import { Reconciler } from './reconciler.ts';

/** Whether one more pod has room on a node. */
export type Fits = (node: Node, onIt: readonly Pod[], pod: Pod) => boolean;

/** Binds each pod to the node with the fewest of its kind. */
export class Scheduler implements Actor {
  private readonly deps: ActorDeps;
  private readonly fits: Fits;
  private readonly pods;
  private readonly nodes;
  private readonly queue;
  /** What it has bound is taken for bound before the watch says so. */
  private readonly assumed = new Map<string, string>();

  constructor(deps: ActorDeps, fits: Fits = () => true, lagMs: () => number = () => 0) {
    this.deps = deps;
    this.fits = fits;
    this.pods = cacheOf(deps, pods);
    this.nodes = cacheOf(deps, nodes);
    this.queue = new Reconciler({ clock: deps.clock, lagMs, reconcile: async (key) => this.schedule(key) });
  }

  start(): void {
    const pod = (one: Pod): void => {
      if (one.spec.nodeName === undefined) this.queue.enqueue(keyOf(one));
    };
    const removed = ({ metadata }: Pod): void => {
      this.assumed.delete(metadata.uid ?? '');
      this.tryAgain();
    };
    this.pods.subscribe({ added: pod, changed: pod, removed });
    const tryAgain = (): void => this.tryAgain();
    this.nodes.subscribe({ added: tryAgain, changed: tryAgain, synced: tryAgain });
    this.pods.start();
    this.nodes.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.queue.stop(), this.pods.stop(), this.nodes.stop()]);
  }

  /** Something made room: those that wait for it get their chance. */
  private tryAgain(): void {
    for (const pod of this.pods.values()) if (this.nodeOf(pod) === null) this.queue.enqueue(keyOf(pod));
  }

  private nodeOf({ metadata, spec }: Pod): string | null {
    return spec.nodeName ?? this.assumed.get(metadata.uid ?? '') ?? null;
  }

  private async schedule(key: ObjectKey): Promise<number | null> {
    const pod = this.pods.get(key);
    if (pod === undefined || isGoing(pod) || this.nodeOf(pod) !== null || !this.nodes.isSynced) return null;
    const all = [...this.nodes.values()];
    const open = all.filter((node) => node.spec?.unschedulable !== true);
    const fitting = open.filter((node) => this.fits(node, this.podsOn(node), pod));
    const weighed = fitting.map((node) => ({ node, load: this.loadOf(node, pod) }));
    const [chosen] = weighed.toSorted((a, b) => a.load - b.load);
    await (chosen === undefined ? this.refuse(pod, all.length, open.length) : this.bind(pod, chosen.node));
    return null;
  }

  private podsOn({ metadata }: Node): readonly Pod[] {
    return [...this.pods.values()].filter((pod) => this.nodeOf(pod) === metadata.name && !isTerminal(pod));
  }

  /** Pods of the same labels weigh more than others; what is still even is even for chance. */
  private loadOf(node: Node, { metadata }: Pod): number {
    const onIt = this.podsOn(node);
    const labels = JSON.stringify(metadata.labels ?? {});
    const alike = onIt.filter((pod) => JSON.stringify(pod.metadata.labels ?? {}) === labels);
    return alike.length * 1_000 + onIt.length + this.deps.random.next();
  }

  private async bind(pod: Pod, { metadata }: Node): Promise<void> {
    const { uid = '', name = '' } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: metadata.name ?? '' };
    const path = objectPath(subresourceOf(pods, 'binding'), keyOf(pod));
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
    const { status, text } = await this.deps.api.raw('POST', path, body);
    if (status === 201) this.assumed.set(uid, target.name);
    else if (status >= 500) throw new KubeError('Unknown', text, { status });
  }

  private async refuse(pod: Pod, all: number, open: number): Promise<void> {
    const message = `0/${all} nodes are available: ${all - open} node(s) were unschedulable, ${open} Insufficient resources.`;
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    if (conditionOf(pod, 'PodScheduled')?.message === message) return;
    const body = { status: { conditions: [condition] } };
    await this.deps.api.patch(statusOf(pods), keyOf(pod), { type: 'strategic', body });
  }
}
