import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateCounters } from '../ports/data-path.ts';
import { eventFamilies, snapshotFamilies, type AppSnapshot } from './exporter-catalogue.ts';
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
  for (const { name } of [...snapshotFamilies, ...Object.values(eventFamilies)]) {
    const found = names.filter(
      (key) => key.startsWith(`${name}{app="a"`) || key.startsWith(`${name}_count{app="a"`),
    );
    assert.notEqual(found.length, 0, `${name} is missing`);
  }
  assert.equal(series.get('drowse_app_transitions_total{app="a",from="asleep",to="waking"}'), 0);
  assert.equal(series.get('drowse_app_wake_failures_total{app="a",code="not-ready"}'), 0);
  assert.equal(series.get('drowse_cold_start_seconds_count{app="a",phase="total"}'), 0);
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
  assert.equal(series.get('drowse_cold_start_seconds_bucket{le="0.001",app="a",phase="wake"}'), 1);
  assert.equal(series.get('drowse_cold_start_seconds_bucket{le="1",app="a",phase="total"}'), 0);
  assert.equal(series.get('drowse_cold_start_seconds_bucket{le="2.5",app="a",phase="total"}'), 1);
  assert.equal(series.get('drowse_cold_start_seconds_sum{app="a",phase="total"}'), 2.0125);
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
  assert.equal(again.get('drowse_cold_start_seconds_count{app="b",phase="total"}'), 0);
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
