import type { Pod, Service } from '../client/resources.ts';
import { claimedBy, type Claimant, claimsOf } from '../resolve/claims.ts';
import { type ResolvedApp, resolveApp } from '../resolve/resolve-app.ts';
import { targetFacts } from '../resolve/target-facts.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { Target } from './target.ts';

export interface Candidate {
  readonly app: ScaledApp;
  readonly target: Target;
}

export interface Neighbours {
  readonly services: readonly Service[];
  readonly pods: readonly Pod[];
  /** An app that cannot be read at all harms nobody but itself. */
  readonly failed: (app: ScaledApp, error: unknown) => void;
}

/** All apps of a namespace at once, since each Service is in front of one of them only; the answers are by the names of the ScaledApps. */
export function resolveNamespace(
  candidates: readonly Candidate[],
  neighbours: Neighbours,
): ReadonlyMap<string, ResolvedApp> {
  const { services, pods, failed } = neighbours;
  const claimants = candidates
    .map(({ app, target: { selector, template } }): Claimant => {
      return { app, target: targetFacts(selector, template, pods) };
    })
    .filter((claimant) => attempt(claimant, failed, () => claimedBy(claimant, services)) !== null);
  const claims = claimsOf(claimants, services);
  const resolved = new Map<string, ResolvedApp>();
  for (const claimant of claimants) {
    const { app, target } = claimant;
    const found = attempt(claimant, failed, () => resolveApp(app, { services, target, claims }));
    if (found !== null) resolved.set(app.metadata.name ?? '', found);
  }
  return resolved;
}

function attempt<T>({ app }: Claimant, failed: Neighbours['failed'], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    failed(app, error);
    return null;
  }
}
