import type { Protocol } from '../../../core/app.ts';
import type { Service, ServicePort } from '../client/resources.ts';
import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import { scaledAppDefaults } from '../scaled-app/defaults.ts';
import { portInPod, targetPortOf } from './target-port.ts';
import type { ResolvedPort, TargetFacts } from './types.ts';

export interface ResolvedPorts {
  readonly ports: readonly ResolvedPort[];
  /** Of those that are left out, why: one sentence each. */
  readonly refused: readonly string[];
}

/** The ports of a Service that can be held for. */
export function resolvePorts(
  { metadata, spec }: Service,
  rules: ScaledAppSpec['ports'],
  target: TargetFacts,
): ResolvedPorts {
  const ports: ResolvedPort[] = [];
  const refused: string[] = [];
  for (const port of spec.ports ?? []) {
    const objection = objectionTo(port, target);
    if (objection === null) ports.push(resolvePort(port, protocolOf(port, metadata.name ?? '', rules)));
    else refused.push(`Port ${portText(port)} is left as it is: ${objection}.`);
  }
  return { ports, refused };
}

function objectionTo(port: ServicePort, target: TargetFacts): string | null {
  const { protocol = 'TCP' } = port;
  if (protocol !== 'TCP') return `only TCP can be held, and this is ${protocol}`;
  const targetPort = targetPortOf(port);
  const specs = [
    ...(target.template === null ? [] : [target.template.spec]),
    ...target.pods.map(({ spec }) => spec),
  ];
  // Where nothing is known of the pods, the first one will tell.
  const isKnown = specs.length === 0 || specs.some((spec) => portInPod(spec, targetPort) !== null);
  return isKnown ? null : `no container has a TCP port named ${targetPort}`;
}

function resolvePort(port: ServicePort, protocol: Protocol): ResolvedPort {
  return {
    name: port.name ?? '',
    port: port.port,
    targetPort: targetPortOf(port),
    protocol,
    appProtocol: port.appProtocol ?? null,
  };
}

type Rule = NonNullable<ScaledAppSpec['ports']>[number];

/** What the ScaledApp says of this Service, then of such ports at large, then what the Service says itself. */
function protocolOf(port: ServicePort, service: string, rules: readonly Rule[] = []): Protocol {
  const fitting = rules.filter((rule) => isAbout(rule, port, service));
  const rule = fitting.find((one) => one.service !== undefined) ?? fitting[0];
  return rule?.protocol ?? protocolByName(port.appProtocol);
}

/** Whether a rule of `spec.ports` is about this port. */
export function isAbout(rule: Rule, port: ServicePort, service: string): boolean {
  const isHere = rule.service === undefined || rule.service === service;
  return isHere && (rule.port === port.port || rule.port === port.name);
}

/** `appProtocol` is free text; what is none of HTTP/1.1's names is forwarded as bytes. */
function protocolByName(appProtocol: string | undefined): Protocol {
  if (appProtocol === undefined) return scaledAppDefaults.protocol;
  return ['http', 'kubernetes.io/ws'].includes(appProtocol.toLowerCase()) ? 'http' : 'tcp';
}

function portText({ name, port }: ServicePort): string {
  return name === undefined || name === '' ? String(port) : `${port} (${name})`;
}
