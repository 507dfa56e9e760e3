import type { Service } from '../client/resources.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { TargetFacts } from './types.ts';

/** A Service that is meant, by its name or by its selector; `null` where there is none of that name. */
export interface Selected {
  readonly name: string;
  readonly service: Service | null;
}

/** The Services in front of the app, by name, each once. */
export function selectServices(
  { spec }: ScaledApp,
  services: readonly Service[],
  target: TargetFacts,
): readonly Selected[] {
  const byName = new Map(services.map((service) => [nameOf(service), service]));
  const names =
    spec.services ?? services.filter((service) => picks(service, target) === 'certainly').map(nameOf);
  return [...new Set(names)].toSorted().map((name) => ({ name, service: byName.get(name) ?? null }));
}

/**
 * Whether the selector of the Service picks the pods of the target. None at all picks nothing. `perhaps`: it asks for labels that a target without a template says nothing of.
 */
export function picks(
  { spec }: Service,
  { podLabels, template }: TargetFacts,
): 'certainly' | 'perhaps' | 'never' {
  const wanted = Object.entries(spec.selector ?? {});
  if (wanted.length > 0 && wanted.every(([key, value]) => podLabels[key] === value)) return 'certainly';
  const isOpen = template === null && wanted.length > 0;
  return isOpen && wanted.every(([key, value]) => (podLabels[key] ?? value) === value) ? 'perhaps' : 'never';
}

function nameOf({ metadata }: Service): string {
  return metadata.name ?? '';
}
