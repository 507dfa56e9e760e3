import { setImmediate as nextTurn } from 'node:timers/promises';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../ports/metrics.ts';
import { snapshotFamilies, type AppSnapshot, type Sample } from './exporter-catalogue.ts';
import { ColdStarts } from './exporter-cold-starts.ts';
import { eventFamilies } from './exporter-events.ts';
import { registerProcessMetrics, type ProcessFacts } from './exporter-process.ts';
import { EventTally } from './exporter-tally.ts';
import { failureCodes, transitions } from './exporter-vocabulary.ts';

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
  const coldStarts = new ColdStarts();
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
    coldStart: (app, times) => coldStarts.observe(app, times),
    transition: (app, from, to) => transitionTally.count(app, { from, to }),
    wakeFailed: (app, code) => failureTally.count(app, { code }),
    render: async () => {
      apps = readApps();
      const names = new Set(apps.map(({ name }) => name));
      transitionTally.keep(names);
      failureTally.keep(names);
      coldStarts.keep(names);
      const texts: string[] = [];
      // Family by family: connections that are being forwarded must not wait for a long answer to a scrape.
      for (const { name } of registry.getMetricsAsArray()) {
        texts.push(`${await registry.getSingleMetricAsString(name)}\n`);
        await nextTurn();
      }
      texts.push(await coldStarts.render(names, nextTurn));
      return { contentType: registry.contentType, body: texts.join('') };
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
