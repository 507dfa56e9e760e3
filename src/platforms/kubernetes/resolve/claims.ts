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

/** The Services that apps of a namespace speak for, each with the name of the oldest of them, which has it: a connection can be held for one app only. */
export function claimsOf(
  claimants: readonly Claimant[],
  services: readonly Service[],
): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  for (const claimant of claimants.toSorted((a, b) => byAge(a.app, b.app))) {
    for (const name of claimedBy(claimant, services))
      if (!claims.has(name)) claims.set(name, claimant.app.metadata.name ?? '');
  }
  return claims;
}

/** Those that could be handled, if nobody else had them. */
export function claimedBy({ app, target }: Claimant, services: readonly Service[]): readonly string[] {
  return selectServices(app, services, target).flatMap(({ name, service }) =>
    service !== null && objectionTo(service, target) === null ? [name] : [],
  );
}
