import type { Sample } from './exporter-catalogue.ts';

type Labels = Sample['labels'];

/** Counts events per app and labels. Every combination that is known beforehand starts at 0. */
export class EventTally {
  readonly #initial: readonly Labels[];
  readonly #apps = new Map<string, Map<string, { readonly labels: Labels; value: number }>>();

  constructor(initial: readonly Labels[]) {
    this.#initial = initial;
  }

  count(app: string, labels: Labels): void {
    const counts = this.#countsOf(app);
    const key = Object.values(labels).join('\n');
    const found = counts.get(key);
    if (found === undefined) counts.set(key, { labels, value: 1 });
    else found.value += 1;
  }

  samples(app: string): readonly Sample[] {
    return [...this.#countsOf(app).values()];
  }

  /** Forgets every other app. */
  keep(apps: ReadonlySet<string>): void {
    for (const app of this.#apps.keys()) if (!apps.has(app)) this.#apps.delete(app);
  }

  #countsOf(app: string) {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const counts = new Map(
      this.#initial.map((labels) => [Object.values(labels).join('\n'), { labels, value: 0 }]),
    );
    this.#apps.set(app, counts);
    return counts;
  }
}
