import type { Address, AppSpec, PortSpec } from '../core/app.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { GateCounters, GateHandle, GateObserver, Route, Usage } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import { Gate, type GateLimits } from './gate.ts';
import type { HoldBudget } from './hold-budget.ts';
import { HttpContext } from './http1/context.ts';
import type { Sweep } from './http1/sweep.ts';
import { PortAdmission } from './port-admission.ts';
import { PortContext } from './port-context.ts';
import { listenOn, type PortListener } from './port-listener.ts';

export interface AppGateDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sweep: Sweep;
  readonly held: HoldBudget;
  readonly connections: ConnectionBudget;
}

/** The gate of one app with its listeners. */
export class AppGate implements GateHandle {
  private readonly deps: AppGateDeps;
  private readonly gate: Gate;
  private app: AppSpec;
  private listeners: PortListener[] = [];
  /** No longer listening, with connections that go on. */
  private leaving: PortListener[] = [];
  private onVacant: (() => void) | null = null;

  constructor(app: AppSpec, observer: GateObserver, deps: AppGateDeps) {
    this.deps = deps;
    this.app = app;
    this.gate = new Gate({ clock: deps.clock, observer, budget: deps.held }, limitsOf(app));
  }

  /** Binds every port, or none. */
  async open(): Promise<void> {
    this.listeners = await this.bindAll(this.app, [...this.app.ports.entries()]);
  }

  route(route: Route): void {
    this.gate.route(route);
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

  async update(app: AppSpec): Promise<void> {
    const kept = this.listeners.filter(({ context: { index } }) =>
      samePort(this.app.ports[index], app.ports[index]),
    );
    const dropped = this.listeners.filter((listener) => !kept.includes(listener));
    const wanted = [...app.ports.entries()].filter(
      ([index]) => !kept.some(({ context }) => context.index === index),
    );
    const takesOver = ([, port]: readonly [number, PortSpec]): boolean =>
      dropped.some(({ address }) => sameAddress(address, port.listen));
    // Addresses that are new come first: when one of them cannot be bound, nothing has changed. Those that only change their role are free as soon as we let go.
    const added = await this.bindAll(
      app,
      wanted.filter((entry) => !takesOver(entry)),
    );
    for (const listener of dropped) void listener.stopListening();
    this.leaving = [...this.leaving.filter(({ open }) => open > 0), ...dropped];
    this.listeners = [...kept, ...added];
    this.app = app;
    this.gate.configure(limitsOf(app));
    for (const { context } of kept) configure(context, app);
    this.listeners.push(...(await this.bindAll(app, wanted.filter(takesOver))));
  }

  async close(graceMs: number): Promise<void> {
    const all = [...this.listeners, ...this.leaving];
    for (const listener of this.listeners) void listener.stopListening();
    this.gate.close();
    for (const { context } of all) context.drain();
    if (all.some(({ open }) => open > 0)) await this.vacantWithin(graceMs);
    for (const { context } of all) context.destroy();
  }

  private vacantWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = this.deps.clock.after(graceMs, () => resolve());
      this.onVacant = () => {
        if ([...this.listeners, ...this.leaving].some(({ open }) => open > 0)) return;
        timer.cancel();
        resolve();
      };
    });
  }

  private async bindAll(
    app: AppSpec,
    ports: readonly (readonly [number, PortSpec])[],
  ): Promise<PortListener[]> {
    const bound: PortListener[] = [];
    try {
      for (const [index, port] of ports) bound.push(await this.bind(app, index, port));
    } catch (error) {
      await Promise.all(bound.map((listener) => listener.stopListening()));
      throw error;
    }
    return bound;
  }

  private bind(app: AppSpec, index: number, { name, listen, protocol }: PortSpec): Promise<PortListener> {
    const { gate } = this;
    const { clock, sweep, connections, logger } = this.deps;
    const http = new HttpContext({
      admission: new PortAdmission(gate, () => context.learnHttpAnswered()),
      appName: app.name,
      portIndex: index,
      portName: name,
      clock,
      sweep,
      isAwake: () => gate.awake,
      forwardedProto: 'http',
      noWake: app.noWake,
      waitingPage: app.hold.waitingPage,
    });
    const wakesAfterHead = needsHead(app);
    const context = new PortContext({ name, index, protocol, gate, clock, sweep, http, wakesAfterHead });
    return listenOn(listen, context, { budget: connections, logger, vacant: () => this.onVacant?.() });
  }
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}

/** Only the head of a request can say whether it wakes the app. */
function needsHead(app: AppSpec): boolean {
  return app.noWake.length > 0;
}

function configure(context: PortContext, app: AppSpec): void {
  context.http.configure({ noWake: app.noWake, waitingPage: app.hold.waitingPage });
  context.configure(app.ports[context.index]?.protocol ?? 'auto', needsHead(app));
}

function samePort(a: PortSpec | undefined, b: PortSpec | undefined): boolean {
  return a !== undefined && b !== undefined && a.name === b.name && sameAddress(a.listen, b.listen);
}

function sameAddress(a: Address, b: Address): boolean {
  return a.host === b.host && a.port === b.port;
}
