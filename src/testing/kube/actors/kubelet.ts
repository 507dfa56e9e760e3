import { isDeepStrictEqual } from 'node:util';
import { asKubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { keyOf, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import { statusOf } from '../../../platforms/kubernetes/client/resource.ts';
import { type Pod, pods } from '../../../platforms/kubernetes/client/resources.ts';
import type { Timer } from '../../../ports/clock.ts';
import { type Actor, type ActorDeps, cacheOf, isGoing } from './actor.ts';
import type { BehaviourOf } from './pod-behaviour.ts';
import { PodProcess } from './pod-process.ts';
import { podStatus, type PodStatus } from './pod-status.ts';
import { isReady, isTerminal } from './pods.ts';
import { Reconciler } from './reconciler.ts';

/** The kubelet looks this often whether the API server still says what it told it: this is when it takes back what others wrote. */
const statusSyncMs = 10_000;

export interface KubeletOptions {
  readonly node: string;
  /** The addresses of its pods without their last number: `10.201.1.` */
  readonly addressPrefix: string;
  readonly behaviourOf: BehaviourOf;
  readonly lagMs?: () => number;
}

interface Running {
  readonly process: PodProcess;
  readonly address: string;
  /** What it told the API server last. */
  told: PodStatus | null;
}

/** Runs the pods of one node, and tells the API server how they are. */
export class Kubelet implements Actor {
  readonly options: KubeletOptions;
  private readonly deps: ActorDeps;
  private readonly pods;
  private readonly queue;
  private readonly running = new Map<string, Running>();
  private sync: Timer | null = null;
  private lastNumber = 1;

  constructor(deps: ActorDeps, options: KubeletOptions) {
    this.deps = deps;
    this.options = options;
    this.pods = cacheOf(deps, pods, { fieldSelector: `spec.nodeName=${options.node}` });
    this.queue = new Reconciler({
      clock: deps.clock,
      lagMs: options.lagMs ?? (() => 0),
      reconcile: async (key) => this.reconcile(key),
    });
  }

  start(): void {
    const pod = (one: Pod): void => this.see(one);
    this.pods.subscribe({ added: pod, changed: pod, removed: (one) => this.forget(one) });
    this.pods.start();
    // Nodes do not beat in time.
    this.syncAfter(this.deps.random.next() * statusSyncMs);
  }

  async stop(): Promise<void> {
    this.sync?.cancel();
    await Promise.all([this.queue.stop(), this.pods.stop()]);
  }

  /** The node is lost: its pods answer nobody, and nobody says so. */
  async die(): Promise<void> {
    for (const { process } of this.running.values()) process.kill();
    await this.stop();
  }

  /** Whether somebody at this address takes a connection. */
  accepts(address: string): boolean {
    return [...this.running.values()].some((one) => one.address === address && one.process.isListening);
  }

  private see(pod: Pod): void {
    const { uid = '' } = pod.metadata;
    if (!this.running.has(uid) && !isTerminal(pod)) this.run(pod, uid);
    if (isGoing(pod)) this.running.get(uid)?.process.stop(pod.metadata.deletionGracePeriodSeconds);
  }

  private run(pod: Pod, uid: string): void {
    const { clock } = this.deps;
    const changed = (): void => this.queue.enqueue(keyOf(pod));
    const process = new PodProcess({ pod, clock, behaviourOf: this.options.behaviourOf, changed });
    this.running.set(uid, { process, address: this.nextAddress(), told: null });
    changed();
  }

  /** Removed by force, it is ended all the same. */
  private forget({ metadata }: Pod): void {
    this.running.get(metadata.uid ?? '')?.process.kill();
    this.running.delete(metadata.uid ?? '');
  }

  /** In turn, so that an address is used again only after a while, as with host-local. */
  private nextAddress(): string {
    const used = new Set([...this.running.values()].map(({ address }) => address));
    do this.lastNumber = this.lastNumber >= 254 ? 2 : this.lastNumber + 1;
    while (used.has(`${this.options.addressPrefix}${this.lastNumber}`));
    return `${this.options.addressPrefix}${this.lastNumber}`;
  }

  private syncAfter(afterMs: number): void {
    this.sync = this.deps.clock.after(afterMs, () => {
      for (const pod of this.pods.values()) this.takeBack(pod);
      this.syncAfter(statusSyncMs);
    });
  }

  private takeBack(pod: Pod): void {
    const running = this.running.get(pod.metadata.uid ?? '');
    if (running === undefined || isReady(pod) === running.process.isReady) return;
    running.told = null;
    this.queue.enqueue(keyOf(pod));
  }

  private async reconcile(key: ObjectKey): Promise<number | null> {
    const pod = this.pods.get(key);
    const running = this.running.get(pod?.metadata.uid ?? '');
    if (pod === undefined || running === undefined) return null;
    await this.tell(pod, running);
    if (isGoing(pod) && running.process.hasEnded) await this.remove(pod);
    return null;
  }

  private async tell(pod: Pod, running: Running): Promise<void> {
    const status = podStatus(pod, running.process, running.address);
    if (isDeepStrictEqual(status, running.told)) return;
    await this.deps.api
      .patch(statusOf(pods), keyOf(pod), { type: 'strategic', body: { status } })
      .catch(unlessGone);
    running.told = status;
  }

  private async remove(pod: Pod): Promise<void> {
    const { uid = '' } = pod.metadata;
    const preconditions = { uid };
    await this.deps.api.delete(pods, keyOf(pod), { preconditions, gracePeriodSeconds: 0 }).catch(unlessGone);
  }
}

function unlessGone(error: unknown): void {
  if (!['NotFound', 'Conflict'].includes(asKubeError(error).code)) throw error;
}
