import type { Service } from '../client/resources.ts';
import { picks } from './select-services.ts';
import type { ServiceReason, TargetFacts } from './types.ts';

export interface Objection {
  readonly reason: ServiceReason;
  readonly message: string;
}

interface Kind extends Objection {
  readonly isSo: (spec: Service['spec']) => boolean;
}

/**
 * Kinds of Services whose connections could not all be held and handed over, and why; in this order, what says most first. Each is something that a person may have chosen for good reasons, so
 * it is told, never changed.
 */
export const refusedKinds: readonly Kind[] = [
  {
    reason: 'ExternalName',
    isSo: ({ type }) => type === 'ExternalName',
    message: 'It is another name for a host elsewhere: no connection to it passes here.',
  },
  {
    reason: 'Headless',
    isSo: ({ clusterIP }) => clusterIP === 'None',
    message:
      'Its clients dial the pods themselves, past Drowse: their connections are neither seen nor held. Let them use a Service with a cluster IP.',
  },
  {
    reason: 'NoSelector',
    isSo: ({ selector = {} }) => Object.keys(selector).length === 0,
    message:
      'It has no selector: somebody else says where its connections go. Give it a selector that picks the pods of the target.',
  },
  {
    reason: 'PublishesNotReady',
    isSo: ({ publishNotReadyAddresses }) => publishNotReadyAddresses === true,
    message:
      'publishNotReadyAddresses sends connections to pods that cannot answer yet, or are on their way out: they would be lost. Set it to false.',
  },
  {
    reason: 'InternalTrafficLocal',
    isSo: ({ internalTrafficPolicy }) => internalTrafficPolicy === 'Local',
    message:
      'internalTrafficPolicy: Local drops connections on nodes without a pod, while the app sleeps on all of them. Set it to Cluster.',
  },
  {
    reason: 'ExternalTrafficLocal',
    isSo: ({ externalTrafficPolicy }) => externalTrafficPolicy === 'Local',
    message:
      'externalTrafficPolicy: Local drops connections on nodes without a pod, and load balancers follow too late. Set it to Cluster.',
  },
];

export const selectsOtherPods: Objection = {
  reason: 'SelectsOtherPods',
  message: 'Its selector does not pick the pods of the target, so it sends its connections to others.',
};

/** `null`: nothing speaks against it. */
export function objectionTo(service: Service, target: TargetFacts): Objection | null {
  const refused = refusedKinds.find(({ isSo }) => isSo(service.spec));
  return refused ?? (picks(service, target) === 'never' ? selectsOtherPods : null);
}

/** What is not refused, and still to be known. */
export function remarkOn({ spec }: Service): string | null {
  return spec.sessionAffinity === 'ClientIP'
    ? 'By its session affinity a client stays with its pod for as long as that is up; after a sleep it may meet another.'
    : null;
}
