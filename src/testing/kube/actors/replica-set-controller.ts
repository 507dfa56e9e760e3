import { isDeepStrictEqual } from 'node:util';
import { asKubeError, type KubeError } from '../../../platforms/kubernetes/client/errors.ts';
import { keyOf, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import { statusOf } from '../../../platforms/kubernetes/client/resource.ts';
import { type Pod, pods } from '../../../platforms/kubernetes/client/resources.ts';
import { type Actor, type ActorDeps, cacheOf, controllerOf, isGoing } from './actor.ts';
import { byWorth, isActive, isReady } from './pods.ts';
import { Reconciler } from './reconciler.ts';
import { type ReplicaSet, type ReplicaSetStatus, replicaSets } from './replica-sets.ts';

/** Pods are made in batches of 1, 2, 4…: one refusal is not asked for a hundred times. */
const firstBatch = 1;

/** Keeps as many pods as each ReplicaSet asks for. Never acts on a cache that lacks one of its own writes. */
export class ReplicaSetController implements Actor {
  private readonly deps: ActorDeps;
  private readonly sets;
  private readonly pods;
  private readonly queue;
  /** The last pod that was made for a set, and those told to go whose going has not been seen. */
  private readonly made = new Map<string, string>();
  private readonly told = new Set<string>();

  constructor(deps: ActorDeps, lagMs?: () => number) {
    this.deps = deps;
    this.sets = cacheOf(deps, replicaSets);
    this.pods = cacheOf(deps, pods);
    const reconcile = async (key: ObjectKey): Promise<number | null> => this.reconcile(key);
    this.queue = new Reconciler({ clock: deps.clock, reconcile, ...(lagMs === undefined ? {} : { lagMs }) });
  }

  start(): void {
    const set = (one: ReplicaSet): void => this.queue.enqueue(keyOf(one));
    const pod = (one: Pod): void => this.enqueueOwner(one);
    this.sets.subscribe({ added: set, changed: set });
    this.pods.subscribe({ added: pod, changed: pod, removed: pod, synced: () => this.enqueueAll() });
    this.sets.start();
    this.pods.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.queue.stop(), this.sets.stop(), this.pods.stop()]);
  }

  private enqueueOwner(pod: Pod): void {
    const uid = controllerOf(pod);
    const owner = [...this.sets.values()].find(({ metadata }) => metadata.uid === uid);
    if (owner !== undefined) this.queue.enqueue(keyOf(owner));
  }

  private enqueueAll(): void {
    for (const set of this.sets.values()) this.queue.enqueue(keyOf(set));
  }

  private async reconcile(key: ObjectKey): Promise<number | null> {
    const set = this.sets.get(key);
    if (set === undefined || !this.pods.isSynced) return null;
    const own = [...this.pods.values()].filter((pod) => controllerOf(pod) === set.metadata.uid);
    const active = own.filter((pod) => isActive(pod) && !this.told.has(pod.metadata.uid ?? ''));
    const refused = isGoing(set) || !this.hasSeenOwnWrites(set) ? null : await this.adjust(set, active);
    await this.report(set, own.filter(isActive), refused);
    if (refused !== null) throw refused;
    return null;
  }

  private hasSeenOwnWrites({ metadata }: ReplicaSet): boolean {
    for (const pod of this.pods.values()) if (isGoing(pod)) this.told.delete(pod.metadata.uid ?? '');
    const version = this.made.get(metadata.uid ?? '');
    return version === undefined || this.pods.hasSeen(version);
  }

  private async adjust(set: ReplicaSet, active: readonly Pod[]): Promise<KubeError | null> {
    const missing = (set.spec.replicas ?? 1) - active.length;
    if (missing >= 0) return this.make(set, missing);
    const going = active.toSorted(byWorth).slice(0, -missing);
    await Promise.all(going.map(async (pod) => this.end(pod)));
    return null;
  }

  private async make(set: ReplicaSet, missing: number): Promise<KubeError | null> {
    for (let left = missing, batch = firstBatch; left > 0; left -= batch, batch *= 2) {
      const count = Math.min(left, batch);
      const refused = await Promise.all(Array.from({ length: count }, async () => this.makeOne(set)));
      const first = refused.find((one) => one !== null);
      if (first !== undefined) return first;
    }
    return null;
  }

  private async makeOne(set: ReplicaSet): Promise<KubeError | null> {
    const { name = '', namespace = '', uid = '' } = set.metadata;
    const { template } = set.spec;
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
    const metadata = {
      namespace,
      generateName: `${name}-`,
      labels: { ...template.metadata?.labels },
      ownerReferences: [{ ...owner, blockOwnerDeletion: true }],
    };
    try {
      const { metadata: answered } = await this.deps.api.create(pods, { metadata, spec: template.spec });
      this.made.set(uid, answered.resourceVersion ?? '');
      return null;
    } catch (error) {
      return asKubeError(error);
    }
  }

  private async end(pod: Pod): Promise<void> {
    const { uid = '' } = pod.metadata;
    this.told.add(uid);
    try {
      await this.deps.api.delete(pods, keyOf(pod), { preconditions: { uid } });
    } catch (error) {
      this.told.delete(uid);
      if (!['NotFound', 'Conflict'].includes(asKubeError(error).code)) throw error;
    }
  }

  private async report(set: ReplicaSet, active: readonly Pod[], refused: KubeError | null): Promise<void> {
    const ready = active.filter(isReady).length;
    const status: ReplicaSetStatus = {
      replicas: active.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: set.metadata.generation ?? 0,
      conditions: refused === null ? [] : [failedCreate(refused)],
    };
    if (isDeepStrictEqual(status, set.status)) return;
    await this.deps.api.patch(statusOf(replicaSets), keyOf(set), { type: 'merge', body: { status } });
  }
}

/** What the server said, without what the client says of the call. */
const failedCreate = ({ message }: KubeError) => ({
  type: 'ReplicaFailure',
  status: 'True' as const,
  reason: 'FailedCreate',
  message: message.replace(/^\S+ \S+: \d+ \w+: /u, ''),
});
