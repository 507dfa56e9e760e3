import type { AppSpec } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DataPath, GateHandle } from '../../ports/data-path.ts';
import { Gate, type GateLimits } from '../../traffic/gate.ts';
import { HoldBudget } from '../../traffic/hold-budget.ts';

/** The real gates, without sockets: simulated visitors go to them directly. */
export class SimDataPath implements DataPath {
  private readonly gates = new Map<string, Gate>();
  private readonly budget = new HoldBudget(10_000);
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `undefined` while nothing listens: a visitor's connection is refused. */
  gateOf(app: string): Gate | undefined {
    return this.gates.get(app);
  }

  open: DataPath['open'] = (app, observer) => {
    const gate = new Gate({ clock: this.clock, observer, budget: this.budget }, limitsOf(app));
    this.gates.set(app.name, gate);
    return Promise.resolve(this.handle(app.name, gate));
  };

  private handle(name: string, gate: Gate): GateHandle {
    return {
      route: (route) => gate.route(route),
      usage: () => gate.usage(),
      inFlightAt: (endpointId) => gate.inFlightAt(endpointId),
      visitors: (limit) => gate.visitors(limit),
      counters: () => gate.totals(),
      update: (app) => {
        gate.configure(limitsOf(app));
        return Promise.resolve();
      },
      close: () => {
        if (this.gates.get(name) === gate) this.gates.delete(name);
        gate.close();
        return Promise.resolve();
      },
    };
  }
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}
