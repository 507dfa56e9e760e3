import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateCounters } from '../ports/data-path.ts';
import { snapshotFamilies, type AppSnapshot } from './exporter-catalogue.ts';
import { coldStartFamilies, eventFamilies } from './exporter-events.ts';
import { metricsReferenceFiles } from './exporter-reference.ts';
import { createExporter } from './exporter.ts';

const facts = {
  version: '1.2.3',
  startedAtWallMs: 1_700_000_000_000,
  cpuUsage: () => ({ user: 1_500_000, system: 500_000 }),
  memoryUsage: () => ({ rss: 1000, heapUsed: 400, external: 30 }),
};

const counters: GateCounters = {
  connections: 3,
  requests: 7,
  held: 2,
  refused: {
    'bad-request': 1,
    'queue-full': 0,
    'hold-timeout': 0,
    'wake-failed': 0,
    'upstream-failed': 0,
    left: 4,
    closing: 0,
  },
  noWake: 5,
  retries: 0,
  responses: { '1xx': 0, '2xx': 6, '3xx': 0, '4xx': 1, '5xx': 0 },
  bytesIn: 100,
  bytesOut: 200,
};

function snapshot(name: string, changes: Partial<AppSnapshot> = {}): AppSnapshot {
  return {
    name,
    phase: 'asleep',
    desired: 0,
    replicas: { starting: 0, serving: 0, terminating: 0 },
    held: 0,
    inFlight: 0,
    counters,
    memoryBytes: null,
    cpuSeconds: null,
    ...changes,
  };
}

/** Series and their values as Prometheus would read them. */
async function scrape(exporter: ReturnType<typeof createExporter>): Promise<ReadonlyMap<string, number>> {
  const { body } = await exporter.render();
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

void test('the exporter has every series of every family at its first scrape', async () => {
  const series = await scrape(
    createExporter(() => [snapshot('a', { memoryBytes: 1, cpuSeconds: 1 })], facts),
  );
  const names = [...series.keys()];
  for (const { name } of [
    ...snapshotFamilies,
    ...Object.values(eventFamilies),
    ...Object.values(coldStartFamilies),
  ]) {
    const found = names.filter(
      (key) => key.startsWith(`${name}{app="a"`) || key.startsWith(`${name}_count{app="a"`),
    );
    assert.notEqual(found.length, 0, `${name} is missing`);
  }
  assert.equal(series.get('drowse_app_transitions_total{app="a",from="asleep",to="waking"}'), 0);
  assert.equal(series.get('drowse_app_wake_failures_total{app="a",code="not-ready"}'), 0);
  assert.equal(series.get('drowse_cold_start_seconds_count{app="a"}'), 0);
});

void test('the exporter has exactly one state at 1', async () => {
  const series = await scrape(createExporter(() => [snapshot('a', { phase: 'waking' })], facts));
  const states = [...series].filter(([key]) => key.startsWith('drowse_app_state{'));
  assert.equal(states.length, 7);
  assert.deepEqual(
    states.filter(([, value]) => value === 1).map(([key]) => key),
    ['drowse_app_state{app="a",state="waking"}'],
  );
});

void test('the exporter leaves out what is unknown, rather than saying 0', async () => {
  const unknown = { held: null, inFlight: null, counters: null, replicas: null, desired: null };
  const series = await scrape(createExporter(() => [snapshot('a', unknown)], facts));
  const keys = [...series.keys()].filter((key) => key.includes('app="a"'));
  const families = new Set(keys.map((key) => key.split('{')[0]));
  for (const absent of [
    'held',
    'in_flight',
    'requests_total',
    'responses_total',
    'replicas',
    'replicas_desired',
    'memory_bytes',
  ]) {
    assert.equal(families.has(`drowse_app_${absent}`), false, absent);
  }
});

void test('the exporter reads counters and gauges anew at each scrape', async () => {
  let app = snapshot('a');
  const exporter = createExporter(() => [app], facts);
  assert.equal((await scrape(exporter)).get('drowse_app_requests_total{app="a"}'), 7);
  app = snapshot('a', { counters: { ...counters, requests: 9 }, held: 4 });
  const series = await scrape(exporter);
  assert.equal(series.get('drowse_app_requests_total{app="a"}'), 9);
  assert.equal(series.get('drowse_app_held{app="a"}'), 4);
  assert.equal(series.get('drowse_app_refused_total{app="a",reason="left"}'), 4);
  assert.equal(series.get('drowse_app_responses_total{app="a",class="2xx"}'), 6);
});

void test('the exporter counts events, and puts cold starts into their buckets in seconds', async () => {
  const exporter = createExporter(() => [snapshot('a')], facts);
  exporter.transition('a', 'asleep', 'waking');
  exporter.wakeFailed('a', 'exited');
  exporter.wakeFailed('a', 'exited');
  exporter.coldStart('a', { wake: 0.5, spawn: 4, ready: 2000, release: 1, 'first-byte': 7, total: 2012.5 });
  const series = await scrape(exporter);
  assert.equal(series.get('drowse_app_transitions_total{app="a",from="asleep",to="waking"}'), 1);
  assert.equal(series.get('drowse_app_wake_failures_total{app="a",code="exited"}'), 2);
  assert.equal(series.get('drowse_cold_start_phase_seconds_bucket{le="0.001",app="a",phase="wake"}'), 1);
  assert.equal(series.get('drowse_cold_start_seconds_bucket{le="1",app="a"}'), 0);
  assert.equal(series.get('drowse_cold_start_seconds_bucket{le="2.5",app="a"}'), 1);
  assert.equal(series.get('drowse_cold_start_seconds_sum{app="a"}'), 2.0125);
});

void test('the exporter drops all series of an app that is gone, and starts anew when it comes back', async () => {
  let apps = [snapshot('a'), snapshot('b')];
  const exporter = createExporter(() => apps, facts);
  exporter.transition('b', 'asleep', 'waking');
  exporter.coldStart('b', { wake: 1, spawn: 1, ready: 1, release: 1, 'first-byte': 1, total: 5 });
  await scrape(exporter);
  apps = [snapshot('a')];
  const without = [...(await scrape(exporter)).keys()];
  assert.deepEqual(
    without.filter((key) => key.includes('app="b"')),
    [],
  );
  assert.ok(without.some((key) => key.includes('app="a"')));
  apps = [snapshot('b')];
  const again = await scrape(exporter);
  assert.equal(again.get('drowse_cold_start_seconds_count{app="b"}'), 0);
  assert.equal(again.get('drowse_app_transitions_total{app="b",from="asleep",to="waking"}'), 0);
});

void test('the exporter survives a value that is not a number, and names with quotes', async () => {
  const odd = snapshot('a"\\\n', {
    held: Number.NaN,
    counters: { ...counters, requests: -1, connections: Number.NaN },
  });
  const series = await scrape(createExporter(() => [odd, snapshot('b')], facts));
  assert.equal(series.get('drowse_app_requests_total{app="b"}'), 7);
  assert.equal(
    [...series.keys()].some((key) => key.startsWith('drowse_app_requests_total{app="a')),
    false,
  );
});

void test('the exporter tells what Drowse itself costs', async () => {
  const series = await scrape(createExporter(() => [], facts));
  assert.equal(series.get('process_cpu_seconds_total'), 2);
  assert.equal(series.get('process_resident_memory_bytes'), 1000);
  assert.equal(series.get('process_start_time_seconds'), 1_700_000_000);
  assert.equal(series.get('drowse_build_info{version="1.2.3"}'), 1);
});

void test('the exporter has a reference that names every family it renders', async () => {
  const { body } = await createExporter(() => [snapshot('a')], facts).render();
  const rendered = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
    ([, name, type]) => `| \`${name}\` | ${type} |`,
  );
  const reference = metricsReferenceFiles()[0]?.content ?? '';
  assert.notEqual(rendered.length, 0);
  for (const row of rendered) assert.ok(reference.includes(row), row);
});

/** Base units, as https://prometheus.io/docs/practices/naming has them; a name that counts things has none. */
const unitsThatAreNotBase = /_(?:milliseconds|ms|minutes|hours|kilobytes|kb|megabytes|mb|percent)(?:_|$)/u;

void test('names, types and units follow the conventions of Prometheus', async () => {
  const { body } = await createExporter(() => [snapshot('a'), snapshot('b')], facts).render();
  const families = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gmu)].map(([, name = '', type]) => ({
    name,
    type,
  }));
  const names = families.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, 'each family stands in one piece');
  for (const { name, type } of families) {
    assert.match(name, /^[a-z][a-z0-9_]*$/u);
    assert.doesNotMatch(name, unitsThatAreNotBase);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    // In OpenMetrics a counter's family has no suffix: it must not meet a gauge's.
    assert.ok(type !== 'counter' || !names.includes(name.slice(0, -'_total'.length)), name);
    assert.match(body, new RegExp(`^# HELP ${name} \\S`, 'mu'));
  }
});

void test('no series stands twice, and histograms count upwards to +Inf', async () => {
  const exporter = createExporter(() => [snapshot('a'), snapshot('b')], facts);
  exporter.coldStart('a', { wake: 0.5, spawn: 4, ready: 2000, release: 1, 'first-byte': 7, total: 2012.5 });
  const { body } = await exporter.render();
  const series = body
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
  assert.equal(new Set(series).size, series.length);
  const values = await scrape(exporter);
  for (const name of Object.values(coldStartFamilies).map((family) => family.name)) {
    const labels = name === 'drowse_cold_start_seconds' ? 'app="a"' : 'app="a",phase="ready"';
    const buckets = [...values].filter(
      ([key]) => key.startsWith(`${name}_bucket`) && key.includes(`,${labels}}`),
    );
    const counts = buckets.map(([, value]) => value);
    assert.deepEqual(
      counts,
      counts.toSorted((one, other) => one - other),
    );
    assert.equal(values.get(`${name}_bucket{le="+Inf",${labels}}`), values.get(`${name}_count{${labels}}`));
  }
});

void test('the phases of a cold start add up to no more than its total', async () => {
  const exporter = createExporter(() => [snapshot('a')], facts);
  exporter.coldStart('a', { wake: 0.5, spawn: 4, ready: 2000, release: 1, 'first-byte': 7, total: 2012.5 });
  const values = await scrape(exporter);
  const phases = [...values].filter(([key]) => key.startsWith('drowse_cold_start_phase_seconds_sum'));
  const sum = phases.reduce((total, [, value]) => total + value, 0);
  assert.ok(Math.abs(sum - 2.0125) < 1e-9);
});
