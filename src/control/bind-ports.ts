import type { AppSpec } from '../core/app.ts';
import type { Member } from './member.ts';
import type { ListenProblem } from './status.ts';

/** Ports of an app that could not be bound; they are tried again by themselves. */
export interface PortProblem {
  readonly app: string;
  readonly problem: ListenProblem;
}

/** A port that one app gives up and another takes may come free only in the course of it: the second attempt finds it so. */
export async function bindPorts(
  names: readonly string[],
  apps: ReadonlyMap<string, AppSpec>,
  members: ReadonlyMap<string, Member>,
): Promise<readonly PortProblem[]> {
  const bindAll = (those: readonly string[]): Promise<unknown> =>
    Promise.all(those.flatMap((name) => bindOne(apps.get(name), members) ?? []));
  await bindAll(names);
  await bindAll(problemsOf(names, members).map(({ app }) => app));
  return problemsOf(names, members);
}

function bindOne(app: AppSpec | undefined, members: ReadonlyMap<string, Member>): Promise<void> | undefined {
  return app === undefined ? undefined : members.get(app.name)?.binding.bind(app);
}

function problemsOf(names: readonly string[], members: ReadonlyMap<string, Member>): readonly PortProblem[] {
  return names.flatMap((app) => {
    const problem = members.get(app)?.binding.problem ?? null;
    return problem === null ? [] : [{ app, problem }];
  });
}
