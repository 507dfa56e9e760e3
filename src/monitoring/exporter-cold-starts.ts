import { Histogram, Registry } from 'prom-client';
import { coldStartPhases, type ColdStart } from '../ports/metrics.ts';
import { coldStartBuckets, coldStartFamilies } from './exporter-events.ts';

const { total, phases } = coldStartFamilies;

interface AppColdStarts {
  readonly registry: Registry;
  readonly total: Histogram<'app'>;
  readonly phases: Histogram<'app' | 'phase'>;
  /** The lines of its series; `null` when there is something new. */
  text: { readonly total: string; readonly phases: string } | null;
}

/**
 * The histograms of cold starts: by far the largest families, and ones that seldom change. The text of each app is kept until its next cold start, so that
 * a scrape with hundreds of apps does not hold up the data path.
 */
export class ColdStarts {
  readonly #apps = new Map<string, AppColdStarts>();

  observe(app: string, times: ColdStart): void {
    const known = this.#of(app);
    if (Number.isFinite(times.total)) known.total.observe({ app }, times.total / 1000);
    for (const phase of coldStartPhases)
      if (phase !== 'total' && Number.isFinite(times[phase]))
        known.phases.observe({ app, phase }, times[phase] / 1000);
    known.text = null;
  }

  /** Forgets every other app. */
  keep(apps: ReadonlySet<string>): void {
    for (const app of this.#apps.keys()) if (!apps.has(app)) this.#apps.delete(app);
  }

  /** `giveWay` is awaited after each app that had to be written anew. */
  async render(apps: Iterable<string>, giveWay: () => Promise<void>): Promise<string> {
    const totals = [head(total)];
    const byPhase = [head(phases)];
    for (const app of apps) {
      const known = this.#of(app);
      if (known.text === null) {
        known.text = await textOf(known.registry);
        await giveWay();
      }
      totals.push(known.text.total);
      byPhase.push(known.text.phases);
    }
    return [...totals, ...byPhase].join('');
  }

  #of(app: string): AppColdStarts {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const created = createColdStarts(app);
    this.#apps.set(app, created);
    return created;
  }
}

/** Every series is there before the first cold start. */
function createColdStarts(app: string): AppColdStarts {
  const registry = new Registry();
  const common = { buckets: [...coldStartBuckets], registers: [registry] };
  const ofTotal = new Histogram({ ...common, name: total.name, help: total.help, labelNames: ['app'] });
  const labelNames = ['app', 'phase'] as const;
  const ofPhases = new Histogram({ ...common, name: phases.name, help: phases.help, labelNames });
  ofTotal.zero({ app });
  for (const phase of coldStartPhases) if (phase !== 'total') ofPhases.zero({ app, phase });
  return { registry, total: ofTotal, phases: ofPhases, text: null };
}

async function textOf(registry: Registry): Promise<NonNullable<AppColdStarts['text']>> {
  return {
    total: withoutHead(await registry.getSingleMetricAsString(total.name)),
    phases: withoutHead(await registry.getSingleMetricAsString(phases.name)),
  };
}

function head({ name, help }: { readonly name: string; readonly help: string }): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n`;
}

/** Help and type are written once for all apps. */
function withoutHead(text: string): string {
  return `${text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n')}\n`;
}
