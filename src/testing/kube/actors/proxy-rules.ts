import type {
  Endpoint,
  EndpointSlice,
  Service,
  ServicePort,
} from '../../../platforms/kubernetes/client/resources.ts';
import { serviceLabel } from './endpoint-slice-controller.ts';

/** Where new connections to one port of a Service go. */
export interface Rule {
  /** None: the connection is refused. */
  readonly endpoints: readonly Target[];
  /** With a local policy and endpoints on other nodes alone, nothing is answered at all. */
  readonly isDropped: boolean;
  readonly hasAffinity: boolean;
}

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** By where a client may connect to: `10.202.0.7:80`, or `:30080` for a node port. */
export type Rules = ReadonlyMap<string, Rule>;

/** What a kube-proxy makes of all Services and slices, whoever made those, on its node. */
export function rulesOf(services: Iterable<Service>, slices: readonly EndpointSlice[], node: string): Rules {
  const rules = new Map<string, Rule>();
  for (const service of services) {
    const own = slices.filter((slice) => isOf(slice, service));
    for (const port of service.spec.ports ?? []) {
      const { internalTrafficPolicy, externalTrafficPolicy, clusterIP } = service.spec;
      const rule = (policy = 'Cluster'): Rule =>
        ruleOf(service, targetsOf(own, port), policy === 'Local' ? node : null);
      if (clusterIP !== undefined && clusterIP !== 'None')
        rules.set(`${clusterIP}:${port.port}`, rule(internalTrafficPolicy));
      if (port.nodePort !== undefined) rules.set(`:${port.nodePort}`, rule(externalTrafficPolicy));
    }
  }
  return rules;
}

interface Candidate extends Target {
  readonly conditions: Endpoint['conditions'];
  readonly nodeName: string | undefined;
}

const isOf = ({ metadata }: EndpointSlice, service: Service): boolean =>
  metadata.namespace === service.metadata.namespace &&
  metadata.labels?.[serviceLabel] === service.metadata.name;

function targetsOf(slices: readonly EndpointSlice[], { name = '' }: ServicePort): readonly Candidate[] {
  return slices.flatMap(({ endpoints, ports }) => {
    const port = ports?.find((one) => (one.name ?? '') === name)?.port;
    if (port === undefined) return [];
    return (endpoints ?? []).map(({ addresses, conditions, nodeName }) => ({
      address: addresses[0] ?? '',
      port,
      conditions,
      nodeName,
    }));
  });
}

/** `node` is set for a policy that keeps to the node. */
function ruleOf({ spec }: Service, all: readonly Candidate[], node: string | null): Rule {
  const reachable = node === null ? all : all.filter(({ nodeName }) => nodeName === node);
  return {
    endpoints: usable(reachable).map(({ address, port }) => ({ address, port })),
    isDropped: usable(reachable).length === 0 && usable(all).length > 0,
    hasAffinity: spec.sessionAffinity === 'ClientIP',
  };
}

/** What is ready; where nothing is, what still serves while it ends. What says nothing is ready. */
function usable(all: readonly Candidate[]): readonly Candidate[] {
  const ready = all.filter(({ conditions }) => conditions?.ready ?? true);
  if (ready.length > 0) return ready;
  return all.filter(({ conditions }) => conditions?.serving === true && conditions.terminating === true);
}
