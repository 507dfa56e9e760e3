import type { Protocol } from '../../../core/app.ts';
import type { Pod, PodTemplate } from '../client/resources.ts';

/** What is known of the object that is scaled. */
export interface TargetFacts {
  /** What each of its pods carries, as far as that is known: the labels of its template, or what its selector asks for. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** `null` where it has none that we can read. */
  readonly template: PodTemplate | null;
  /** Its pods; there are none while it sleeps. */
  readonly pods: readonly Pod[];
}

export type IpFamily = 'IPv4' | 'IPv6';

/** A Service whose connections wake the app. */
export interface ResolvedService {
  readonly name: string;
  readonly uid: string;
  /** At least one. */
  readonly families: readonly IpFamily[];
  /** At least one; in the order of the Service. */
  readonly ports: readonly ResolvedPort[];
}

export interface ResolvedPort {
  /** As in the Service: empty for a single port without a name. */
  readonly name: string;
  readonly port: number;
  /** Where a pod listens: a number, or the name of a container port, which may have another number in each pod. */
  readonly targetPort: number | string;
  readonly protocol: Protocol;
  readonly appProtocol: string | null;
}

/** As it stands in the status. */
export interface ServiceVerdict {
  readonly name: string;
  readonly handled: boolean;
  readonly reason: ServiceReason;
  readonly message: string;
}

export type ServiceReason =
  /** Handled. */
  | 'ClusterIP'
  | 'NodePort'
  | 'LoadBalancer'
  /** Refused. */
  | 'NotFound'
  | 'ClaimedByAnother'
  | 'ExternalName'
  | 'Headless'
  | 'NoSelector'
  | 'SelectsOtherPods'
  | 'PublishesNotReady'
  | 'InternalTrafficLocal'
  | 'ExternalTrafficLocal'
  | 'NoPort';

/** What is wrong with a ScaledApp that the API server could not know. */
export interface SpecFinding {
  /** `spec.schedule[0].awake`. */
  readonly field: string;
  readonly message: string;
}
