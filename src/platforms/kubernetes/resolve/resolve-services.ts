import type { Service } from '../client/resources.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { objectionTo, remarkOn } from './judge-service.ts';
import { isAbout, resolvePorts } from './resolve-ports.ts';
import { type Selected, selectServices } from './select-services.ts';
import type { ResolvedService, ServiceReason, ServiceVerdict, SpecFinding, TargetFacts } from './types.ts';

export interface Surroundings {
  /** Those of the namespace. */
  readonly services: readonly Service[];
  readonly target: TargetFacts;
  /** Services that a ScaledApp has, and its name: this one's, or another's. */
  readonly claims: ReadonlyMap<string, string>;
}

export interface ResolvedServices {
  /** Those that are handled, by name. */
  readonly services: readonly ResolvedService[];
  /** Of each that is meant, by name. */
  readonly verdicts: readonly ServiceVerdict[];
  readonly findings: readonly SpecFinding[];
}

interface Judged {
  readonly verdict: ServiceVerdict;
  readonly resolved: ResolvedService | null;
}

/** Which Services are in front of an app, what becomes of each, and why. */
export function resolveServices(app: ScaledApp, surroundings: Surroundings): ResolvedServices {
  const selected = selectServices(app, surroundings.services, surroundings.target);
  const judged = selected.map((one) => judge(app, one, surroundings));
  return {
    services: judged.flatMap(({ resolved }) => (resolved === null ? [] : [resolved])),
    verdicts: judged.map(({ verdict }) => verdict),
    findings: [...noService(judged), ...idleRules(app, selected)],
  };
}

function judge(
  { metadata, spec }: ScaledApp,
  { name, service }: Selected,
  { target, claims }: Surroundings,
): Judged {
  if (service === null) return refuse(name, 'NotFound', 'There is no Service of this name in the namespace.');
  const objection = objectionTo(service, target);
  if (objection !== null) return refuse(name, objection.reason, objection.message);
  const owner = claims.get(name);
  if (owner !== undefined && owner !== metadata.name)
    return refuse(
      name,
      'ClaimedByAnother',
      `ScaledApp ${owner} has it: a Service can be in front of one app only.`,
    );
  const { ports, refused } = resolvePorts(service, spec.ports, target);
  if (ports.length === 0) return refuse(name, 'NoPort', refused.join(' ') || 'It has no port.');
  const remarks = [remarkOn(service), ...refused].filter((remark) => remark !== null);
  const message = ['Connections to it wake the app.', ...remarks].join(' ');
  const verdict = { name, handled: true, reason: typeOf(service), message };
  const uid = service.metadata.uid ?? '';
  return { verdict, resolved: { name, uid, families: familiesOf(service), ports } };
}

function refuse(name: string, reason: ServiceReason, message: string): Judged {
  return { verdict: { name, handled: false, reason, message }, resolved: null };
}

function typeOf({ spec: { type = 'ClusterIP' } }: Service): ServiceReason {
  return type;
}

/** The server fills them in; what has an address and no families is from before there were two. */
function familiesOf({ spec }: Service): ResolvedService['families'] {
  if (spec.ipFamilies !== undefined && spec.ipFamilies.length > 0) return spec.ipFamilies;
  return [spec.clusterIP?.includes(':') === true ? 'IPv6' : 'IPv4'];
}

function noService(judged: readonly Judged[]): readonly SpecFinding[] {
  if (judged.some(({ resolved }) => resolved !== null)) return [];
  const message =
    judged.length === 0
      ? 'no Service in this namespace picks the pods of the target: nothing could wake it'
      : 'none of its Services can be handled: nothing could wake it';
  return [{ field: 'spec.services', message }];
}

/** Rules about ports that are not there, or that say of one port what another rule has said. */
function idleRules({ spec }: ScaledApp, selected: readonly Selected[]): readonly SpecFinding[] {
  const services = selected.flatMap(({ service }) => service ?? []);
  const { ports: rules = [] } = spec;
  return rules.flatMap((rule, index) => {
    const field = `spec.ports[${index}]`;
    const isSaid = rules
      .slice(0, index)
      .some((one) => one.port === rule.port && one.service === rule.service);
    if (isSaid) return [{ field, message: `says again what an entry before it says of port ${rule.port}` }];
    const isThere = services.some(({ metadata, spec: { ports = [] } }) =>
      ports.some((port) => isAbout(rule, port, metadata.name ?? '')),
    );
    return isThere ? [] : [{ field, message: `no Service of the app has a port ${rule.port}` }];
  });
}
