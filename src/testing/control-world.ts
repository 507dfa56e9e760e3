import type { AppSpec } from '../core/app.ts';
import { type Control, type ControlDeps, createControl } from '../control/control.ts';
import { type DataPath, type GateHandle, ListenError } from '../ports/data-path.ts';
import type { LogFields, Logger } from '../ports/logger.ts';
import type { ColdStart, Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';
import type { Gate } from '../traffic/gate.ts';
import { FakeClock } from './fake-clock.ts';
import { FakePlatform } from './fake-platform.ts';
import { FakeWaiter } from './fake-waiter.ts';
import { MemoryStore } from './memory-store.ts';
import { SimDataPath } from './sim/data-path.ts';

/** The real control loop and the real gates, between a clock and a platform that a test moves. */
export class ControlWorld {
  readonly clock = new FakeClock();
  readonly platform: FakePlatform;
  readonly dataPath: UnreliableDataPath;
  readonly store: Store;
  readonly log = new RecordingLogger();
  readonly metrics = new RecordingMetrics();
  readonly control: Control;
  #visitors = 0;

  constructor(more: Partial<ControlDeps> = {}) {
    const { clock, log, metrics } = this;
    this.platform = new FakePlatform(clock);
    this.dataPath = new UnreliableDataPath(new SimDataPath(clock));
    this.store = more.store ?? new MemoryStore();
    this.control = createControl({
      clock,
      logger: log,
      metrics,
      store: this.store,
      platform: this.platform,
      dataPath: this.dataPath,
      ...more,
    });
  }

  gate(app: string): Gate {
    const gate = this.dataPath.gates.gateOf(app);
    if (gate === undefined) throw new Error(`nothing listens for ${app}`);
    return gate;
  }

  /** Somebody comes, now. */
  visit(app: string): FakeWaiter {
    this.#visitors += 1;
    return new FakeWaiter(this.gate(app), `visitor-${this.#visitors}`).arrive();
  }

  phase(app: string): string {
    return this.control.get(app)?.phase ?? 'no such app';
  }

  /** Asleep, then up with nobody there. */
  bringUp(app: string): void {
    this.control.wake(app, null, 'test');
    this.platform.ready(app);
    this.platform.take();
  }

  /** From phase to phase, as the journal has it, oldest first. */
  way(app: string): string {
    const entries = this.store.journal({ app, kinds: ['transition'], limit: 1_000 }).toReversed();
    return [entries[0]?.from ?? '', ...entries.map(({ to }) => to)].join(' ');
  }
}

/** Real gates; listening for an app fails while its name is among the blocked. */
class UnreliableDataPath implements DataPath {
  readonly blocked = new Set<string>();
  readonly gates: SimDataPath;
  opened = 0;

  constructor(gates: SimDataPath) {
    this.gates = gates;
  }

  async open(...[app, observer]: Parameters<DataPath['open']>): Promise<GateHandle> {
    this.#check(app);
    this.opened += 1;
    const handle = await this.gates.open(app, observer);
    return {
      ...handle,
      update: async (changed) => {
        this.#check(changed);
        await handle.update(changed);
      },
    };
  }

  #check({ name, ports }: AppSpec): void {
    const address = ports[0]?.listen;
    if (!this.blocked.has(name) || address === undefined) return;
    throw new ListenError(address, 'EADDRINUSE', `port ${address.port} is taken`);
  }
}

export class RecordingLogger implements Logger {
  readonly errors: { readonly fields: LogFields; readonly message: string }[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(fields: LogFields, message: string): void {
    this.errors.push({ fields, message });
  }
}

export class RecordingMetrics implements Metrics {
  readonly coldStarts: ColdStart[] = [];
  readonly transitions: string[] = [];
  readonly failures: string[] = [];
  coldStart(_app: string, phases: ColdStart): void {
    this.coldStarts.push(phases);
  }
  transition(app: string, from: string, to: string): void {
    this.transitions.push(`${app} ${from} ${to}`);
  }
  wakeFailed(app: string, code: string): void {
    this.failures.push(`${app} ${code}`);
  }
}
