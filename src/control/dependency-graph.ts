import type { AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';

/** Who needs whom. The configuration refuses cycles and unknown names; here they only must not do harm. */
export class DependencyGraph {
  readonly #needs: ReadonlyMap<string, readonly string[]>;

  constructor(apps: Iterable<AppSpec>) {
    this.#needs = new Map([...apps].map(({ name, dependsOn }) => [name, [...new Set(dependsOn)]]));
  }

  needsOf(name: string): readonly string[] {
    return this.#needs.get(name) ?? [];
  }

  /** Also what its dependencies need, and so on. */
  allNeedsOf(name: string): ReadonlySet<string> {
    const all = new Set<string>();
    const rest = [...this.needsOf(name)];
    for (let need = rest.pop(); need !== undefined; need = rest.pop()) {
      if (all.has(need)) continue;
      all.add(need);
      rest.push(...this.needsOf(need));
    }
    return all;
  }

  dependentsOf(name: string): readonly string[] {
    return [...this.#needs].flatMap(([app, needs]) => (needs.includes(name) ? [app] : []));
  }

  /** Why the dependencies of an app can never all serve; `null` where they can. */
  obstacle(name: string): Failure | null {
    const missing = this.needsOf(name).find((need) => !this.#needs.has(need));
    if (missing !== undefined) return unreachable(`${name} depends on ${missing}, which is no app here.`);
    const circle = this.#circle(name);
    if (circle !== null) return unreachable(`${name} depends on itself: ${circle.join(' → ')}.`);
    return null;
  }

  /** Dependencies first; apps on a cycle in any order. */
  order(): readonly string[] {
    const ordered = new Set<string>();
    const entered = new Set<string>();
    const visit = (name: string): void => {
      if (entered.has(name) || !this.#needs.has(name)) return;
      entered.add(name);
      for (const need of this.needsOf(name)) visit(need);
      ordered.add(name);
    };
    for (const name of this.#needs.keys()) visit(name);
    return [...ordered];
  }

  /** A way from the app back to itself. */
  #circle(name: string): readonly string[] | null {
    const seen = new Set<string>();
    const paths: (readonly string[])[] = [[name]];
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      for (const need of this.needsOf(path.at(-1) ?? name)) {
        if (need === name) return [...path, need];
        if (seen.has(need)) continue;
        seen.add(need);
        paths.push([...path, need]);
      }
    }
    return null;
  }
}

function unreachable(message: string): Failure {
  return { code: 'dependency-failed', message, output: [], permanent: true };
}
