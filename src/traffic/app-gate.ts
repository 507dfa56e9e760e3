import type { AppSpec } from '../core/app.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { GateCounters, GateHandle, GateObserver, Route, Usage } from '../ports/data-path.ts';
import { AppPorts, type AppPortsDeps } from './app-ports.ts';
import { Gate, type GateLimits } from './gate.ts';
import type { HoldBudget } from './hold-budget.ts';

export interface AppGateDeps extends AppPortsDeps {
  readonly held: HoldBudget;
}

/** The gate of one app with its ports. */
export class AppGate implements GateHandle {
  private readonly clock: Clock;
  private readonly gate: Gate;
  private readonly ports: AppPorts;

  constructor(app: AppSpec, observer: GateObserver, deps: AppGateDeps) {
    this.clock = deps.clock;
    this.gate = new Gate({ clock: deps.clock, observer, budget: deps.held }, limitsOf(app));
    this.ports = new AppPorts(this.gate, deps);
  }

  /** Binds every port of the app, or none. */
  async listen(app: AppSpec): Promise<void> {
    await this.ports.listen(app, () => this.gate.configure(limitsOf(app)));
  }

  route(route: Route): true {
    this.gate.route(route);
    return true;
  }

  usage(): Usage {
    return this.gate.usage();
  }

  inFlightAt(endpointId: string): number {
    return this.gate.inFlightAt(endpointId);
  }

  visitors(limit: number): ReturnType<GateHandle['visitors']> {
    return this.gate.visitors(limit);
  }

  counters(): GateCounters {
    return this.gate.totals();
  }

  update(app: AppSpec): Promise<void> {
    return this.listen(app);
  }

  async close(graceMs: number): Promise<void> {
    this.ports.stopListening();
    this.gate.close();
    this.ports.drain();
    if (this.ports.open > 0) await this.vacantWithin(graceMs);
    this.ports.destroy();
  }

  private vacantWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = this.clock.after(graceMs, () => resolve());
      this.ports.onVacant = () => {
        if (this.ports.open > 0) return;
        timer.cancel();
        resolve();
      };
    });
  }
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}
