import type { ContainerStatus, Pod } from '../client/resources.ts';
import { conditionOf } from '../pods/pod-phase.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Why a pod that exists does not get ready; `null` while it may just need its time. */
export function stuckPod(pod: Pod): Diagnosis | null {
  const { status } = pod;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
    return unschedulable(scheduled.message ?? 'no node takes the pod');
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.map(stuckContainer).find((diagnosis) => diagnosis !== null) ?? null;
}

/** In the words of the scheduler. */
function unschedulable(said: string): Diagnosis {
  if (/no nodes available|^0\/0 nodes/u.test(said)) {
    const advice = 'The cluster has no node for it: add one, or wait for the autoscaler to.';
    return { code: 'no-nodes', said, advice, mayPass: true };
  }
  if (
    /persistentvolumeclaim "[^"]*" (not found|is being deleted)|persistentvolumeclaim not found/iu.test(said)
  ) {
    const advice = 'Create the PersistentVolumeClaim that the pod template names.';
    return { code: 'volume-missing', said, advice, mayPass: false };
  }
  if (/unbound immediate PersistentVolumeClaims/u.test(said)) {
    const advice = 'Its PersistentVolumeClaim is not bound: look at `kubectl describe pvc`.';
    return { code: 'volume-missing', said, advice, mayPass: true };
  }
  const advice = 'Lower what the pod requests, add a node, or wait for the autoscaler to.';
  return { code: 'unschedulable', said, advice, mayPass: true };
}

/** Reasons that the kubelet gives for a container that waits. Any other (`ContainerCreating`, `PodInitializing`) is on its way. */
const waitingReasons: ReadonlyMap<string, Pick<Diagnosis, 'code' | 'advice' | 'mayPass'>> = new Map([
  ['ErrImagePull', pull('Look at the name of the image, and at the registry.', true)],
  ['ImagePullBackOff', pull('Look at the name of the image, at its pull secret, and at the registry.', true)],
  ['ErrImageNeverPull', pull('The image is not on the node, and imagePullPolicy is Never.', false)],
  ['InvalidImageName', pull('The name of the image is not one.', false)],
  ['RegistryUnavailable', pull('The registry does not answer.', true)],
  ['ImageInspectError', pull('The node cannot read the image.', true)],
  ['SignatureValidationFailed', pull('The signature of the image is not accepted.', false)],
  [
    'CreateContainerConfigError',
    create('Create the ConfigMap, Secret or key that the pod template refers to.', false),
  ],
  ['CreateContainerError', create('The container runtime cannot make the container.', true)],
  ['RunContainerError', create('Look at the command of the container, and at what it mounts.', true)],
  [
    'CrashLoopBackOff',
    {
      code: 'crash-loop',
      advice: 'The container ends again and again: `kubectl logs --previous` shows why.',
      mayPass: false,
    },
  ],
]);

function stuckContainer({ name, state, lastState }: ContainerStatus): Diagnosis | null {
  const { reason = '', message } = state?.waiting ?? {};
  const known = waitingReasons.get(reason);
  if (known === undefined) return null;
  const ended = lastState?.terminated;
  const how =
    ended === undefined ? '' : ` It ended with code ${ended.exitCode} (${ended.reason ?? 'no reason'}).`;
  return {
    ...known,
    said: `Container ${name}: ${reason}${message === undefined ? '' : `: ${message}`}.${how}`,
  };
}

function pull(advice: string, mayPass: boolean): Pick<Diagnosis, 'code' | 'advice' | 'mayPass'> {
  return { code: 'image-pull', advice, mayPass };
}

function create(advice: string, mayPass: boolean): Pick<Diagnosis, 'code' | 'advice' | 'mayPass'> {
  return { code: 'container-not-created', advice, mayPass };
}
