import type { AppSpec } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import { type DataPath, type GateHandle, ListenError } from '../../ports/data-path.ts';
import { Gate, type GateLimits } from '../../traffic/gate.ts';
import { HoldBudget } from '../../traffic/hold-budget.ts';

export interface SimDataPathOptions {
  /** Places for held visitors of all apps together. */
  readonly places?: number;
  /** Whether somebody else listens where the app is to listen. */
  readonly isTaken?: (app: AppSpec) => boolean;
  /** The grace of a gate that closes is over: its connections are destroyed. */
  readonly cutOff?: (gate: Gate) => void;
}

/** The real gates, without sockets: simulated visitors go to them directly. */
export class SimDataPath implements DataPath {
  readonly budget: HoldBudget;
  private readonly gates = new Map<string, Gate>();
  private readonly clock: Clock;
  private readonly options: SimDataPathOptions;

  constructor(clock: Clock, options: SimDataPathOptions = {}) {
    this.clock = clock;
    this.options = options;
    this.budget = new HoldBudget(options.places ?? 10_000);
  }

  /** `undefined` while nothing listens: a visitor's connection is refused. */
  gateOf(app: string): Gate | undefined {
    return this.gates.get(app);
  }

  open: DataPath['open'] = (app, observer) => {
    const listen = app.ports[0]?.listen;
    if (listen !== undefined && this.options.isTaken?.(app) === true)
      return Promise.reject(new ListenError(listen, 'EADDRINUSE', `port ${listen.port} is taken`));
    const gate = new Gate({ clock: this.clock, observer, budget: this.budget }, limitsOf(app));
    this.gates.set(app.name, gate);
    return Promise.resolve(this.handle(app.name, gate));
  };

  private handle(name: string, gate: Gate): GateHandle {
    return {
      route: (route) => {
        gate.route(route);
        return true;
      },
      usage: () => gate.usage(),
      inFlightAt: (endpointId) => gate.inFlightAt(endpointId),
      visitors: (limit) => gate.visitors(limit),
      counters: () => gate.totals(),
      update: (app) => {
        gate.configure(limitsOf(app));
        return Promise.resolve();
      },
      close: (graceMs) => {
        if (this.gates.get(name) === gate) this.gates.delete(name);
        gate.close();
        return this.vacated(gate, this.clock.monoMs() + graceMs);
      },
    };
  }

  /** When nothing is in flight any more, or the grace is over. */
  private async vacated(gate: Gate, untilMs: number): Promise<void> {
    while (!isVacant(gate) && this.clock.monoMs() < untilMs) await this.pause();
    this.options.cutOff?.(gate);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(closePollMs, resolve);
    });
  }
}

const closePollMs = 20;

/** Those held are refused, but not all in one turn. */
function isVacant(gate: Gate): boolean {
  const { held, inFlight } = gate.visitors(1);
  return held.length + inFlight.length === 0;
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}
