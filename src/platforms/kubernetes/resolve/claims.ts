import type { Service } from '../client/resources.ts';
import { byAge } from '../scaled-app/age.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import { objectionTo } from './judge-service.ts';
import { selectServices } from './select-services.ts';
import type { TargetFacts } from './types.ts';

export interface Claimant {
  readonly app: ScaledApp;
  readonly target: TargetFacts;
}

/** The Services that are spoken for by older apps of the namespace, each with the name of the app: a connection can be held for one app only. */
export function claimsBefore(
  app: ScaledApp,
  claimants: readonly Claimant[],
  services: readonly Service[],
): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  const older = claimants.filter((other) => byAge(other.app, app) < 0);
  for (const other of older.toSorted((a, b) => byAge(a.app, b.app))) {
    for (const name of claimedBy(other, services))
      if (!claims.has(name)) claims.set(name, other.app.metadata.name ?? '');
  }
  return claims;
}

function claimedBy({ app, target }: Claimant, services: readonly Service[]): readonly string[] {
  return selectServices(app, services, target).flatMap(({ name, service }) =>
    service !== null && objectionTo(service, target) === null ? [name] : [],
  );
}
