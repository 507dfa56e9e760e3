import { isDeepStrictEqual } from 'node:util';
import type {
  Endpoint,
  EndpointPort,
  Node,
  Pod,
  Service,
  ServicePort,
} from '../../../platforms/kubernetes/client/resources.ts';
import { isGoing } from './actor.ts';
import { isReady, isTerminal } from './pods.ts';
import type { SliceContent } from './slice-plan.ts';

export type Family = 'IPv4' | 'IPv6';

export function selects({ spec, metadata }: Service, pod: Pod): boolean {
  const { selector } = spec;
  if (selector === undefined || pod.metadata.namespace !== metadata.namespace) return false;
  return Object.entries(selector).every(([name, value]) => pod.metadata.labels?.[name] === value);
}

/** The endpoints of a Service, in groups of equal ports: a named target port may be another number in each pod. */
export function contentsOf(
  service: Service,
  family: Family,
  pods: readonly Pod[],
  nodeNamed: (name: string) => Node | undefined,
): readonly SliceContent[] {
  const groups: { endpoints: Endpoint[]; ports: readonly EndpointPort[] }[] = [];
  for (const pod of pods) {
    const addresses = addressesOf(pod, family);
    if (addresses.length === 0 || isTerminal(pod)) continue;
    const ports = (service.spec.ports ?? []).flatMap((port) => portOf(port, pod));
    const group = groups.find((one) => isDeepStrictEqual(one.ports, ports));
    const endpoint = endpointOf(service, pod, addresses, nodeNamed(pod.spec.nodeName ?? ''));
    if (group === undefined) groups.push({ endpoints: [endpoint], ports });
    else group.endpoints.push(endpoint);
  }
  return groups;
}

function addressesOf({ status }: Pod, family: Family): readonly string[] {
  const all = (status?.podIPs ?? []).map(({ ip }) => ip);
  return all.filter((ip) => ip.includes(':') === (family === 'IPv6')).slice(0, 1);
}

function portOf(
  { name = '', port, targetPort, protocol = 'TCP', appProtocol }: ServicePort,
  pod: Pod,
): readonly EndpointPort[] {
  const number = targetPort === undefined ? port : numberOf(targetPort, protocol, pod);
  if (number === null) return [];
  return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
}

/** A pod without the named port has no such endpoint. */
function numberOf(targetPort: number | string, protocol: string, { spec }: Pod): number | null {
  if (typeof targetPort === 'number') return targetPort;
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  const found = ports.find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol);
  return found?.containerPort ?? null;
}

function endpointOf(
  service: Service,
  pod: Pod,
  addresses: readonly string[],
  node: Node | undefined,
): Endpoint {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  const terminating = isGoing(pod);
  const serving = isReady(pod);
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  return {
    addresses,
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    nodeName: pod.spec.nodeName ?? '',
    ...(zone === undefined ? {} : { zone }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}
