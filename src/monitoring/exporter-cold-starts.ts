import { Histogram, Registry } from 'prom-client';
import { coldStartPhases } from '../ports/metrics.ts';
import { coldStartBuckets, eventFamilies } from './exporter-catalogue.ts';

const { name, help } = eventFamilies.coldStarts;

interface AppColdStarts {
  readonly registry: Registry;
  readonly histogram: Histogram<'app' | 'phase'>;
  /** The lines of its series; `null` when there is something new. */
  text: string | null;
}

/**
 * The histogram of cold starts: by far the largest family, and one that seldom changes. The text of each app is kept until its next cold start, so that
 * a scrape with hundreds of apps does not hold up the data path.
 */
export class ColdStarts {
  readonly #apps = new Map<string, AppColdStarts>();

  observe(app: string, phase: string, seconds: number): void {
    if (!Number.isFinite(seconds)) return;
    const known = this.#of(app);
    known.histogram.observe({ app, phase }, seconds);
    known.text = null;
  }

  /** Forgets every other app. */
  keep(apps: ReadonlySet<string>): void {
    for (const app of this.#apps.keys()) if (!apps.has(app)) this.#apps.delete(app);
  }

  /** `giveWay` is awaited after each app that had to be written anew. */
  async render(apps: Iterable<string>, giveWay: () => Promise<void>): Promise<string> {
    const texts = [`# HELP ${name} ${help}\n# TYPE ${name} histogram\n`];
    for (const app of apps) {
      const known = this.#of(app);
      if (known.text === null) {
        known.text = withoutHead(await known.registry.getSingleMetricAsString(name));
        await giveWay();
      }
      texts.push(known.text);
    }
    return texts.join('');
  }

  #of(app: string): AppColdStarts {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const registry = new Registry();
    const labelNames = ['app', 'phase'] as const;
    const histogram = new Histogram({
      name,
      help,
      labelNames,
      buckets: [...coldStartBuckets],
      registers: [registry],
    });
    for (const phase of coldStartPhases) histogram.zero({ app, phase });
    const created: AppColdStarts = { registry, histogram, text: null };
    this.#apps.set(app, created);
    return created;
  }
}

/** Help and type are written once for all apps. */
function withoutHead(text: string): string {
  return `${text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n')}\n`;
}
