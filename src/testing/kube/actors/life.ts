import type { LifeStage } from '../../kube-life/life.ts';
import { ActorWorld, namespace } from './actor-world.ts';
import { healthy, type PodBehaviour } from './pod-behaviour.ts';

/** As the app of the lives behaves. */
const slow: PodBehaviour = { ...healthy, readyMs: 2_000, exitMs: 3_000, servesOn: true };

/** Lives a life in a simulated cluster. */
export async function simulated<T>(
  live: (stage: LifeStage) => Promise<T>,
  prepare: (cluster: ActorWorld) => void = () => undefined,
): Promise<T> {
  const cluster = await ActorWorld.started();
  cluster.behaviour = slow;
  prepare(cluster);
  return cluster.done(live({ ...cluster.deps('test'), namespace, image: 'images.test/apps:1' }));
}

export const withoutImage = (cluster: ActorWorld): void => {
  cluster.behaviour = { ...slow, hasImage: false };
};

export const underQuota = (cluster: ActorWorld): void => {
  cluster.refusals.podQuotas.set(namespace, 0);
};
