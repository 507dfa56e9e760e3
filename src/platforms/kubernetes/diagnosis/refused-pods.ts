import type { Diagnosis } from './diagnosis.ts';

interface Rule extends Pick<Diagnosis, 'code' | 'advice' | 'mayPass'> {
  readonly pattern: RegExp;
}

/**
 * What the API server answers to a controller that creates a pod, as the controller passes it on (condition `ReplicaFailure`, events `FailedCreate`). The texts are those of the
 * admission plug-ins of Kubernetes (ResourceQuota, LimitRanger, PodSecurity, webhooks, validating policies, ServiceAccount); the first that fits counts.
 */
const rules: readonly Rule[] = [
  {
    pattern: /exceeded quota|failed quota|insufficient quota/u,
    code: 'quota-exceeded',
    advice: 'Raise the ResourceQuota of the namespace, or free some of it.',
    mayPass: false,
  },
  {
    pattern: /(maximum|minimum) \S+ usage per|max(imum)? limit to request ratio/u,
    code: 'limit-exceeded',
    advice: 'The resources of the pod do not fit the LimitRange of the namespace: change one of the two.',
    mayPass: false,
  },
  {
    pattern: /violates PodSecurity/u,
    code: 'admission-denied',
    advice: 'Change the pod template to fit the Pod Security level of the namespace.',
    mayPass: false,
  },
  {
    pattern: /failed calling webhook/u,
    code: 'admission-denied',
    advice: 'The admission webhook does not answer: look after the service behind it.',
    mayPass: true,
  },
  {
    pattern: /admission webhook .* denied the request|ValidatingAdmissionPolicy .* denied request/u,
    code: 'admission-denied',
    advice: 'Change the pod template to what the policy allows.',
    mayPass: false,
  },
  {
    pattern: /serviceaccounts? "[^"]*" not found|error looking up service account/u,
    code: 'pod-not-created',
    advice: 'Create the ServiceAccount that the pod template names.',
    mayPass: false,
  },
  {
    pattern: /persistentvolumeclaims? .*(forbidden|exceeded)/u,
    code: 'volume-missing',
    advice: 'The claim that the StatefulSet makes for the pod was refused.',
    mayPass: false,
  },
];

export function refusedPods(said: string): Diagnosis {
  const rule = rules.find(({ pattern }) => pattern.test(said));
  if (rule !== undefined) {
    const { code, advice, mayPass } = rule;
    return { code, said, advice, mayPass };
  }
  const advice = 'The API server refuses the pods of this app.';
  return { code: 'pod-not-created', said, advice, mayPass: false };
}
