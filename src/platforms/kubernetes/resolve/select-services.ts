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
  const names = spec.services ?? services.filter((service) => picks(service, target)).map(nameOf);
  return [...new Set(names)].toSorted().map((name) => ({ name, service: byName.get(name) ?? null }));
}

/** Whether the selector of the Service picks the pods of the target. None at all picks nothing. */
export function picks({ spec }: Service, { podLabels }: TargetFacts): boolean {
  const wanted = Object.entries(spec.selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => podLabels[key] === value);
}

function nameOf({ metadata }: Service): string {
  return metadata.name ?? '';
}
