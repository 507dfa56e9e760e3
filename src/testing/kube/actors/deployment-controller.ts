import { isDeepStrictEqual } from 'node:util';
import { keyOf, type ObjectKey } from '../../../platforms/kubernetes/client/object.ts';
import { statusOf } from '../../../platforms/kubernetes/client/resource.ts';
import { type Deployment, deployments } from '../../../platforms/kubernetes/client/resources.ts';
import { type Actor, type ActorDeps, cacheOf, controllerOf, isGoing } from './actor.ts';
import { deploymentStatus } from './deployment-status.ts';
import { Reconciler } from './reconciler.ts';
import { type ReplicaSet, replicaSets } from './replica-sets.ts';
import { nextCounts } from './rollout.ts';
import { hashLabel, hashOf } from './template-hash.ts';

/** Makes a ReplicaSet of each template of a Deployment, and moves the pods from the old to the newest. */
export class DeploymentController implements Actor {
  private readonly deps: ActorDeps;
  private readonly deployments;
  private readonly sets;
  private readonly queue;
  /** The version of the last write to the sets of a Deployment. */
  private readonly written = new Map<string, string>();

  constructor(deps: ActorDeps, lagMs: () => number = () => 0) {
    this.deps = deps;
    this.deployments = cacheOf(deps, deployments);
    this.sets = cacheOf(deps, replicaSets);
    this.queue = new Reconciler({
      clock: deps.clock,
      lagMs,
      reconcile: async (key) => this.reconcile(key),
    });
  }

  start(): void {
    const deployment = (one: Deployment): void => this.queue.enqueue(keyOf(one));
    const set = (one: ReplicaSet): void => this.enqueueOwner(one);
    this.deployments.subscribe({ added: deployment, changed: deployment });
    this.sets.subscribe({ added: set, changed: set, removed: set, synced: () => this.enqueueAll() });
    this.deployments.start();
    this.sets.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.queue.stop(), this.deployments.stop(), this.sets.stop()]);
  }

  private enqueueOwner(set: ReplicaSet): void {
    const uid = controllerOf(set);
    const owner = [...this.deployments.values()].find(({ metadata }) => metadata.uid === uid);
    if (owner !== undefined) this.queue.enqueue(keyOf(owner));
  }

  private enqueueAll(): void {
    for (const deployment of this.deployments.values()) this.queue.enqueue(keyOf(deployment));
  }

  private async reconcile(key: ObjectKey): Promise<number | null> {
    const deployment = this.deployments.get(key);
    if (deployment === undefined || isGoing(deployment) || !this.sets.isSynced) return null;
    const written = this.written.get(deployment.metadata.uid ?? '');
    if (written !== undefined && !this.sets.hasSeen(written)) return null;
    const own = [...this.sets.values()]
      .filter((set) => controllerOf(set) === deployment.metadata.uid)
      .toSorted(byAge);
    const current = own.find(
      ({ metadata }) => metadata.labels?.[hashLabel] === hashOf(deployment.spec.template),
    );
    if (current === undefined) await this.makeSet(deployment);
    else await this.scaleSets(deployment, current, own);
    await this.report(deployment, current, own);
    return null;
  }

  private async makeSet({ metadata, spec }: Deployment): Promise<void> {
    const { name = '', namespace = '', uid = '' } = metadata;
    const hash = hashOf(spec.template);
    const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true };
    const set: ReplicaSet = {
      metadata: {
        namespace,
        name: `${name}-${hash}`,
        labels,
        ownerReferences: [{ ...owner, blockOwnerDeletion: true }],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
        template: { ...spec.template, metadata: { labels } },
      },
    };
    const made = await this.deps.api.create(replicaSets, set);
    this.written.set(uid, made.metadata.resourceVersion ?? '');
  }

  private async scaleSets(
    { metadata, spec }: Deployment,
    current: ReplicaSet,
    own: readonly ReplicaSet[],
  ): Promise<void> {
    const old = own.filter((set) => set !== current);
    for (const [name, replicas] of nextCounts(spec.replicas ?? 1, current, old)) {
      const key = { namespace: metadata.namespace ?? '', name };
      const body = { spec: { replicas } };
      const answer = await this.deps.api.patch(replicaSets, key, { type: 'merge', body });
      this.written.set(metadata.uid ?? '', answer.metadata.resourceVersion ?? '');
    }
  }

  private async report(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    own: readonly ReplicaSet[],
  ): Promise<void> {
    const status = deploymentStatus(deployment, current, own);
    if (isDeepStrictEqual(status, deployment.status)) return;
    await this.deps.api.patch(statusOf(deployments), keyOf(deployment), { type: 'merge', body: { status } });
  }
}

const byAge = (a: ReplicaSet, b: ReplicaSet): number =>
  (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1;
