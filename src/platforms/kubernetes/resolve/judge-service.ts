import type { Service } from '../client/resources.ts';
import { picks } from './select-services.ts';
import type { ServiceReason, TargetFacts } from './types.ts';

export interface Objection {
  readonly reason: ServiceReason;
  readonly message: string;
}

type Judge = (spec: Service['spec']) => string | null;

/**
 * Why connections to a Service of this kind could not all be held and handed over; in this order, what says most first. Each is something that a person may have chosen
 * for good reasons, so it is told, never changed.
 */
const objections: readonly (readonly [ServiceReason, Judge])[] = [
  [
    'ExternalName',
    ({ type }) =>
      type === 'ExternalName'
        ? 'It is another name for a host elsewhere: no connection to it passes here.'
        : null,
  ],
  [
    'Headless',
    ({ clusterIP }) =>
      clusterIP === 'None'
        ? 'Its clients dial the pods themselves, past Drowse: their connections are neither seen nor held. Let them use a Service with a cluster IP.'
        : null,
  ],
  [
    'NoSelector',
    ({ selector = {} }) =>
      Object.keys(selector).length === 0
        ? 'It has no selector: somebody else says where its connections go. Give it a selector that picks the pods of the target.'
        : null,
  ],
  [
    'PublishesNotReady',
    ({ publishNotReadyAddresses }) =>
      publishNotReadyAddresses === true
        ? 'publishNotReadyAddresses sends connections to pods that cannot answer yet, or are on their way out: they would be lost. Set it to false.'
        : null,
  ],
  [
    'InternalTrafficLocal',
    ({ internalTrafficPolicy }) =>
      internalTrafficPolicy === 'Local'
        ? 'internalTrafficPolicy: Local drops connections on nodes without a pod, while the app sleeps on all of them. Set it to Cluster.'
        : null,
  ],
  [
    'ExternalTrafficLocal',
    ({ externalTrafficPolicy }) =>
      externalTrafficPolicy === 'Local'
        ? 'externalTrafficPolicy: Local drops connections on nodes without a pod, and load balancers follow too late. Set it to Cluster.'
        : null,
  ],
];

/** `null`: nothing speaks against it. */
export function objectionTo(service: Service, target: TargetFacts): Objection | null {
  for (const [reason, judge] of objections) {
    const message = judge(service.spec);
    if (message !== null) return { reason, message };
  }
  if (picks(service, target)) return null;
  const message = 'Its selector does not pick the pods of the target, so it sends its connections to others.';
  return { reason: 'SelectsOtherPods', message };
}

/** What is not refused, and still to be known. */
export function remarkOn({ spec }: Service): string | null {
  return spec.sessionAffinity === 'ClientIP'
    ? 'By its session affinity a client stays with its pod for as long as that is up; after a sleep it may meet another.'
    : null;
}
