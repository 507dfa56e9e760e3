import type { Failure } from '../core/failure.ts';

/** Another app, as one that depends on it sees it. */
export interface Dependency {
  readonly name: string;
  standing(): Standing;
  /** Somebody needs it: a level, like a visitor's demand. */
  demandedBy(app: string): void;
}

export type Standing =
  | { readonly status: 'serving' }
  | { readonly status: 'coming' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** One that is still to come: the app that it will be has to be waited for, or one that is in its way has to go. */
export function awaited(name: string): Dependency {
  return { name, standing: () => ({ status: 'coming' }), demandedBy: () => undefined };
}

/** What one app needs of the others; answered by whoever knows all apps. */
export interface Neighbours {
  /** Why the dependencies of an app can never all serve; `null` where they can. */
  obstacle(app: string): Failure | null;
  dependenciesOf(app: string): readonly Dependency[];
}

/** Whether the dependencies of an app serve. Those that do not are demanded. */
export function summon(app: string, neighbours: Neighbours): Standing {
  const obstacle = neighbours.obstacle(app);
  if (obstacle !== null) return { status: 'failed', failure: obstacle };
  const dependencies = neighbours.dependenciesOf(app);
  for (const dependency of dependencies) {
    if (dependency.standing().status !== 'serving') dependency.demandedBy(app);
  }
  return together(app, dependencies);
}

function together(app: string, dependencies: readonly Dependency[]): Standing {
  let serving = true;
  for (const dependency of dependencies) {
    const standing = dependency.standing();
    if (standing.status === 'failed')
      return { status: 'failed', failure: because(app, dependency.name, standing.failure) };
    serving &&= standing.status === 'serving';
  }
  return { status: serving ? 'serving' : 'coming' };
}

function because(app: string, dependency: string, failure: Failure): Failure {
  const message = `${app} depends on ${dependency}, which failed: ${failure.message}`;
  return { code: 'dependency-failed', message, output: failure.output, permanent: failure.permanent };
}
