import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { keyOf } from '../client/object.ts';
import { statusOf } from '../client/resource.ts';
import { type Pod, pods } from '../client/resources.ts';
import { couldBeReady, isReady, isTakenOut, phaseOf, takenOutReason } from './pod-phase.ts';

const message =
  'New connections go to Drowse, which is about to put this app to sleep. The pod serves what it has.';

/**
 * Takes a ready pod out of its Services without stopping it: `Ready` becomes false, the controller of the EndpointSlices takes it out, and what it has goes on. The kubelet
 * puts `Ready` back at its next sync, within seconds: whoever wants it out looks, and asks again. Rejects with a `KubeError`; a pod that is gone needs nothing.
 */
export async function takeOut(api: KubeApi, pod: Pod, wallMs: number): Promise<void> {
  if (phaseOf(pod) !== 'serving' || !isReady(pod)) return;
  await writeReady(api, pod, { status: 'False', reason: takenOutReason, message }, wallMs);
}

/** Takes back what `takeOut` did, at once instead of at the next sync of the kubelet. A pod that is not ready for other reasons stays so. */
export async function giveBack(api: KubeApi, pod: Pod, wallMs: number): Promise<void> {
  if (!isTakenOut(pod) || !couldBeReady(pod)) return;
  await writeReady(api, pod, { status: 'True', reason: null, message: null }, wallMs);
}

interface Ready {
  readonly status: 'True' | 'False';
  readonly reason: string | null;
  readonly message: string | null;
}

async function writeReady(api: KubeApi, pod: Pod, ready: Ready, wallMs: number): Promise<void> {
  const lastTransitionTime = new Date(wallMs).toISOString().replace(/\.\d+Z$/u, 'Z');
  const conditions = [{ type: 'Ready', ...ready, lastTransitionTime }];
  // Another pod under the same name (a StatefulSet's) is refused.
  const body = { metadata: { uid: pod.metadata.uid }, status: { conditions } };
  try {
    await api.patch(statusOf(pods), keyOf(pod), { type: 'strategic', body });
  } catch (error) {
    const { code } = asKubeError(error);
    if (code !== 'NotFound' && code !== 'Conflict') throw error;
  }
}
