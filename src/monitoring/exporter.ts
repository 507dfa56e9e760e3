import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { coldStartPhases, type Metrics } from '../ports/metrics.ts';
import {
  coldStartBuckets,
  eventFamilies,
  failureCodes,
  snapshotFamilies,
  transitions,
  type AppSnapshot,
  type Sample,
} from './exporter-catalogue.ts';
import { registerProcessMetrics, type ProcessFacts } from './exporter-process.ts';
import { EventTally } from './exporter-tally.ts';

export type { AppSnapshot } from './exporter-catalogue.ts';
export type { ProcessFacts } from './exporter-process.ts';

export interface Exporter extends Metrics {
  /** The exposition for Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Reads `readApps` at each scrape: a series lives exactly as long as its app. */
export function createExporter(readApps: () => readonly AppSnapshot[], facts: ProcessFacts): Exporter {
  const registry = new Registry();
  const transitionTally = new EventTally(transitions.map(([from, to]) => ({ from, to })));
  const failureTally = new EventTally(failureCodes.map((code) => ({ code })));
  const coldStarts = new ColdStarts(registry);
  // One reading for all families of a scrape, so that they agree with each other.
  let apps: readonly AppSnapshot[] = [];
  const perApp = (read: (app: AppSnapshot) => readonly Sample[]) => () =>
    apps.flatMap((app) =>
      read(app).map(({ labels, value }) => ({ labels: { app: app.name, ...labels }, value })),
    );
  for (const family of snapshotFamilies) addFamily(registry, family, perApp(family.read));
  addFamily(
    registry,
    eventFamilies.transitions,
    perApp(({ name }) => transitionTally.samples(name)),
  );
  addFamily(
    registry,
    eventFamilies.wakeFailures,
    perApp(({ name }) => failureTally.samples(name)),
  );
  registerProcessMetrics(registry, facts);
  return {
    coldStart: (app, phases) => {
      for (const phase of coldStartPhases) coldStarts.observe(app, phase, phases[phase] / 1000);
    },
    transition: (app, from, to) => transitionTally.count(app, { from, to }),
    wakeFailed: (app, code) => failureTally.count(app, { code }),
    render: async () => {
      apps = readApps();
      const names = new Set(apps.map(({ name }) => name));
      transitionTally.keep(names);
      failureTally.keep(names);
      coldStarts.keep(names);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
}

function addFamily(registry: Registry, family: Family, samples: () => readonly Sample[]): void {
  const { name, help, type } = family;
  const options = { name, help, labelNames: ['app', ...family.labels], registers: [registry] };
  // One bad value must not cost the whole scrape.
  const sound = () =>
    samples().filter(({ value }) => Number.isFinite(value) && (type === 'gauge' || value >= 0));
  if (type === 'gauge') {
    const gauge = new Gauge({
      ...options,
      collect: () => {
        gauge.reset();
        for (const { labels, value } of sound()) gauge.set(labels, value);
      },
    });
    return;
  }
  const counter = new Counter({
    ...options,
    collect: () => {
      counter.reset();
      for (const { labels, value } of sound()) counter.inc(labels, value);
    },
  });
}

/** The histogram of cold starts, with the series of exactly the apps that there are. */
class ColdStarts {
  readonly #histogram: Histogram<'app' | 'phase'>;
  readonly #known = new Set<string>();

  constructor(registry: Registry) {
    const { name, help } = eventFamilies.coldStarts;
    const labelNames = ['app', 'phase'] as const;
    this.#histogram = new Histogram({
      name,
      help,
      labelNames,
      buckets: [...coldStartBuckets],
      registers: [registry],
    });
  }

  observe(app: string, phase: string, seconds: number): void {
    this.#add(app);
    if (Number.isFinite(seconds)) this.#histogram.observe({ app, phase }, seconds);
  }

  keep(apps: ReadonlySet<string>): void {
    for (const app of this.#known) if (!apps.has(app)) this.#remove(app);
    for (const app of apps) this.#add(app);
  }

  #add(app: string): void {
    if (this.#known.has(app)) return;
    this.#known.add(app);
    for (const phase of coldStartPhases) this.#histogram.zero({ app, phase });
  }

  #remove(app: string): void {
    this.#known.delete(app);
    for (const phase of coldStartPhases) this.#histogram.remove({ app, phase });
  }
}
