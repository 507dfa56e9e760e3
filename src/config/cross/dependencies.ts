import { nearest } from '../../core/notation/nearest.ts';
import type { ResolvedApp } from './resolved-app.ts';

/** `names`: all apps of the file, also those that could not be resolved. */
export function checkDependencies(apps: readonly ResolvedApp[], names: readonly string[]): void {
  const known = new Set(names);
  for (const app of apps) checkNames(app, known);
  const byName = new Map(apps.map((app) => [app.spec.name, app]));
  for (const cycle of findCycles(apps)) reportCycle(cycle, byName);
}

function checkNames({ spec, scope }: ResolvedApp, names: ReadonlySet<string>): void {
  for (const name of spec.dependsOn) {
    if (names.has(name)) continue;
    scope.report({
      span: scope.itemSpan(['dependsOn'], name),
      message: `there is no app "${name}"`,
      hint: () =>
        suggestApp(
          name,
          [...names].filter((other) => other !== spec.name),
        ),
    });
  }
}

function suggestApp(name: string, names: readonly string[]): string | null {
  const meant = nearest(name, names);
  if (meant !== null) return `did you mean "${meant}"?`;
  return names.length === 0 ? null : `other apps: ${names.slice(0, 20).join(', ')}`;
}

function reportCycle(cycle: readonly string[], byName: ReadonlyMap<string, ResolvedApp>): void {
  const [first = '', second = first] = cycle;
  const app = byName.get(first);
  app?.scope.report({
    span: app.scope.itemSpan(['dependsOn'], second),
    message: `apps depend on each other in a circle: ${[...cycle, first].join(' → ')}`,
    hint: 'none of them could start first: remove one of these dependencies',
  });
}

/** Each cycle that a depth-first walk closes, once; its first element is the app it was entered by. */
function findCycles(apps: readonly ResolvedApp[]): readonly (readonly string[])[] {
  const edges = new Map(apps.map(({ spec }) => [spec.name, spec.dependsOn]));
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const start of edges.keys()) if (!done.has(start)) walk(start, edges, done, cycles);
  return cycles;
}

interface Step {
  readonly name: string;
  next: number;
}

/** Without recursion: a chain of thousands of apps must not exhaust the stack. */
function walk(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
  cycles: (readonly string[])[],
): void {
  const trail: Step[] = [{ name: start, next: 0 }];
  const at = new Map([[start, 0]]);
  for (let step = trail.at(-1); step !== undefined; step = trail.at(-1)) {
    const name = edges.get(step.name)?.[step.next++];
    if (name === undefined) {
      done.add(step.name);
      at.delete(step.name);
      trail.pop();
    } else if (at.has(name)) cycles.push(trail.slice(at.get(name)).map((entry) => entry.name));
    else if (!done.has(name)) {
      at.set(name, trail.length);
      trail.push({ name, next: 0 });
    }
  }
}
