import type { PortSpec, WorkloadApp } from '../../../core/app.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { resolveServices, type Surroundings } from './resolve-services.ts';
import { type AppSettings, resolveSettings } from './resolve-settings.ts';
import type { ResolvedService, ServiceVerdict, SpecFinding } from './types.ts';

/** A ScaledApp with everything found that it refers to. */
export interface ResolvedApp {
  readonly namespace: string;
  readonly name: string;
  readonly scaleTargetRef: ScaledApp['spec']['scaleTargetRef'];
  readonly settings: AppSettings;
  /** How many a wake asks for; `null`: as many as it had. */
  readonly wakeReplicas: number | null;
  readonly isPaused: boolean;
  /** Of the policy that is not the built-in one. */
  readonly policyName: string | null;
  readonly dependsOn: readonly string[];
  readonly services: readonly ResolvedService[];
  readonly verdicts: readonly ServiceVerdict[];
  /** The rest is in force all the same. */
  readonly findings: readonly SpecFinding[];
}

export function resolveApp(app: ScaledApp, surroundings: Surroundings): ResolvedApp {
  const { metadata, spec } = app;
  const { settings, findings } = resolveSettings(spec);
  const found = resolveServices(app, surroundings);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    scaleTargetRef: spec.scaleTargetRef,
    settings,
    wakeReplicas: spec.wake?.replicas ?? null,
    isPaused: spec.paused ?? false,
    policyName: spec.policyRef?.name ?? null,
    dependsOn: spec.dependsOn ?? [],
    services: found.services,
    verdicts: found.verdicts,
    findings: [...findings, ...found.findings, ...httpOnly(settings, found.services)],
  };
}

function httpOnly(
  { noWake, hold }: AppSettings,
  services: readonly ResolvedService[],
): readonly SpecFinding[] {
  const ports = services.flatMap((service) => service.ports);
  if (ports.length === 0 || ports.some(({ protocol }) => protocol !== 'tcp')) return [];
  const message = 'needs HTTP, and every port here is tcp: use protocol http or auto in spec.ports';
  return [
    ...(noWake.length > 0 ? [{ field: 'spec.noWake', message }] : []),
    ...(hold.waitingPage ? [{ field: 'spec.hold.waitingPage', message }] : []),
  ];
}

/** `shop/web`: as an app is called among those of all namespaces. */
export function appNameOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** `web:80`: as one port of an app is called. */
export function portNameOf(service: string, port: number): string {
  return `${service}:${port}`;
}

/** Where a replica of Drowse listens. */
export interface ActivatorListeners {
  /** `::` takes both families in. */
  readonly host: string;
  /** By the names of the ports of the app; one that is not here is not listened to. */
  readonly ports: ReadonlyMap<string, number>;
}

/** What control and data path are told of it. `null` without any port: an app needs a way in. */
export function workloadAppOf(
  { namespace, name, scaleTargetRef, settings, dependsOn, services }: ResolvedApp,
  listeners: ActivatorListeners,
): WorkloadApp | null {
  const ports = services.flatMap((service) =>
    service.ports.flatMap((port) => portSpecs(service.name, port, listeners)),
  );
  if (ports.length === 0) return null;
  const { apiVersion, kind, name: targetName } = scaleTargetRef;
  return {
    kind: 'workload',
    name: appNameOf(namespace, name),
    target: { apiVersion, kind, namespace, name: targetName },
    ports,
    ...settings,
    dependsOn: dependsOn.map((other) => appNameOf(namespace, other)),
  };
}

function portSpecs(
  service: string,
  { port, protocol }: ResolvedService['ports'][number],
  listeners: ActivatorListeners,
): readonly PortSpec[] {
  const name = portNameOf(service, port);
  const listenPort = listeners.ports.get(name);
  if (listenPort === undefined) return [];
  return [{ name, listen: { host: listeners.host, port: listenPort }, target: 'assigned', protocol }];
}
