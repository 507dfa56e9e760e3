import { Counter, Gauge, type Registry } from 'prom-client';

/** What is told of Drowse's own process. */
export interface ProcessFacts {
  readonly version: string;
  readonly startedAtWallMs: number;
  /** `process.cpuUsage` and `process.memoryUsage`, or a test's. */
  cpuUsage(): { readonly user: number; readonly system: number };
  memoryUsage(): { readonly rss: number; readonly heapUsed: number; readonly external: number };
}

/**
 * Drowse's own cost. Names are those that every Prometheus client uses, so that common dashboards work. The default set of prom-client is left out: its
 * event loop monitor wakes the process a hundred times a second, also at rest.
 */
export const processFamilies = [
  {
    name: 'drowse_build_info',
    type: 'gauge',
    labels: ['version'],
    help: 'Always 1; the version is in the label.',
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    labels: [],
    help: 'When Drowse started, in seconds since the Unix epoch.',
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    labels: [],
    help: 'CPU time that Drowse itself has used.',
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    labels: [],
    help: 'Resident memory of Drowse itself.',
  },
  { name: 'nodejs_heap_size_used_bytes', type: 'gauge', labels: [], help: 'JavaScript heap in use.' },
  {
    name: 'nodejs_external_memory_bytes',
    type: 'gauge',
    labels: [],
    help: 'Memory of buffers outside the heap.',
  },
] as const;

export function registerProcessMetrics(registry: Registry, facts: ProcessFacts): void {
  const [build, started, cpu, resident, heap, external] = processFamilies;
  const registers = [registry];
  const gauge = ({ name, help }: { name: string; help: string }, read: () => number) => {
    const created: Gauge = new Gauge({ name, help, registers, collect: () => created.set(read()) });
  };
  new Gauge({ name: build.name, help: build.help, labelNames: ['version'], registers }).set(
    { version: facts.version },
    1,
  );
  gauge(started, () => facts.startedAtWallMs / 1000);
  gauge(resident, () => facts.memoryUsage().rss);
  gauge(heap, () => facts.memoryUsage().heapUsed);
  gauge(external, () => facts.memoryUsage().external);
  const seconds: Counter = new Counter({
    name: cpu.name,
    help: cpu.help,
    registers,
    collect: () => {
      const { user, system } = facts.cpuUsage();
      seconds.reset();
      seconds.inc((user + system) / 1_000_000);
    },
  });
}
