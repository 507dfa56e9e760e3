import { isIP } from 'node:net';
import type { Endpoint } from '../client/resources.ts';
import type { IpFamily } from '../resolve/types.ts';
import type { Activator } from './activators.ts';

/**
 * Where the traffic of a Service is meant to be.
 * `absent`: with the pods alone. `ready`: with the activators, too, or, where no pod is ready, with them alone. `leaving`: with the pods, while the activators forward
 * what they have.
 */
export type SliceStage = 'absent' | 'ready' | 'leaving';

/**
 * The activators as endpoints of one family, by their pods' names. Every condition is said: some consumers read a missing one as they please, or fall over it. One that is not ready for a moment stays in
 * the list, or its connections would be cut.
 */
export function endpointsOf(
  activators: readonly Activator[],
  family: IpFamily,
  stage: Exclude<SliceStage, 'absent'>,
): readonly Endpoint[] {
  return activators
    .flatMap((activator) => {
      const address = activator.addresses.find((one) => familyOf(one) === family);
      return address === undefined ? [] : [endpointOf(activator, address, stage === 'ready')];
    })
    .toSorted((a, b) => (endpointKey(a) < endpointKey(b) ? -1 : 1));
}

function endpointOf(activator: Activator, address: string, isWanted: boolean): Endpoint {
  const { namespace, name, uid, nodeName, zone, isReady, isEnding } = activator;
  const terminating = isEnding || !isWanted;
  return {
    addresses: [address],
    conditions: { ready: isReady && !terminating, serving: isReady, terminating },
    targetRef: { kind: 'Pod', namespace, name, uid },
    nodeName,
    ...(zone !== null && { zone }),
  };
}

function familyOf(address: string): IpFamily {
  return isIP(address) === 6 ? 'IPv6' : 'IPv4';
}

/** Which pod it is: of two that had the same name one after the other, which one. */
export function endpointKey({ targetRef }: Endpoint): string {
  return `${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''}/${targetRef?.uid ?? ''}`;
}
