import type { KubeApi } from '../../platforms/kubernetes/client/kube-api.ts';
import { statusOf } from '../../platforms/kubernetes/client/resource.ts';
import { deployments, type Pod, pods, services } from '../../platforms/kubernetes/client/resources.ts';
import type { ActorDeps } from '../kube/actors/actor.ts';
import { kubectlScale } from '../kube/actors/human.ts';
import { isReady } from '../kube/actors/pods.ts';
import { appIn, serviceIn } from './app.ts';
import { type Record, record } from './record.ts';

/** Where a life is lived: a real cluster, or a simulated one whose time somebody lets pass. */
export interface LifeStage extends ActorDeps {
  readonly namespace: string;
  readonly image: string;
}

const attemptMs = 100;
const patienceMs = 60_000;

/** From nothing to one pod, robbed of its readiness once, and back to nothing: what was seen of it. */
export async function wholeLife(stage: LifeStage): Promise<Pick<Record, 'pods' | 'slices'>> {
  const { api, namespace, image } = stage;
  await using seen = record(stage, namespace);
  await api.create(services, serviceIn(namespace));
  await until(stage, () => seen.slices.length > 0);
  await api.create(deployments, appIn(namespace, image, 1));
  await until(stage, async () => (await podsOf(stage)).some(isReady));
  await robOfReadiness(api, (await podsOf(stage))[0]);
  await until(stage, async () => !(await podsOf(stage)).some(isReady));
  await until(stage, async () => (await podsOf(stage)).some(isReady));
  await pause(stage, 2_000);
  await kubectlScale(api, deployments, { namespace, name: 'web' }, 0);
  await until(stage, () => seen.pods.at(-1) === 'gone');
  await pause(stage, 2_000);
  return { pods: seen.pods, slices: seen.slices };
}

/** Of an image that is nowhere, until the kubelet waits before it tries again. */
export async function lifeWithoutImage(stage: LifeStage): Promise<readonly string[]> {
  await using seen = record(stage, stage.namespace);
  await stage.api.create(deployments, appIn(stage.namespace, 'images.test/none:1', 1));
  await until(stage, () => seen.waiting.at(-1) === 'ImagePullBackOff');
  return seen.waiting;
}

/** Under a quota that leaves no room, until the Deployment says so. */
export async function lifeUnderQuota(stage: LifeStage): Promise<readonly string[]> {
  await using seen = record(stage, stage.namespace);
  await stage.api.create(deployments, appIn(stage.namespace, stage.image, 1));
  await until(stage, () => seen.failures.length > 0);
  return seen.failures;
}

async function robOfReadiness(api: KubeApi, pod: Pod | undefined): Promise<void> {
  const { namespace = '', name = '' } = pod?.metadata ?? {};
  const body = { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Parked' }] } };
  await api.patch(statusOf(pods), { namespace, name }, { type: 'strategic', body });
}

async function podsOf({ api, namespace }: LifeStage): Promise<readonly Pod[]> {
  return (await api.list(pods, { namespace })).items;
}

async function until(stage: LifeStage, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endsAtMs = stage.clock.monoMs() + patienceMs;
  while (!(await isSo())) {
    if (stage.clock.monoMs() > endsAtMs) throw new Error(`it did not come: ${isSo.toString()}`);
    await pause(stage, attemptMs);
  }
}

async function pause({ clock }: LifeStage, forMs: number): Promise<void> {
  await new Promise<void>((resolve) => void clock.after(forMs, resolve));
}
