import type { AppSpec, PortSpec } from '../core/app.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { GateCounters, GateHandle, GateObserver, Route, Usage } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import { Gate, type GateLimits } from './gate.ts';
import type { HoldBudget } from './hold-budget.ts';
import { HttpContext } from './http1/context.ts';
import type { Sweep } from './http1/sweep.ts';
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
    const keep = (index: number): PortListener | undefined =>
      this.listeners.find(
        ({ context }) => samePort(this.app.ports[context.index], app.ports[index]) && context.index === index,
      );
    const fresh = [...app.ports.entries()].filter(([index]) => keep(index) === undefined);
    const kept = app.ports.flatMap((_port, index) => keep(index) ?? []);
    // An address that only changes its role is freed first.
    const dropped = this.listeners.filter((listener) => !kept.includes(listener));
    this.leaving.push(...dropped);
    this.listeners = kept;
    for (const listener of dropped) void listener.stopListening();
    this.app = app;
    this.gate.configure(limitsOf(app));
    for (const { context } of kept) configure(context, app);
    this.listeners = [...kept, ...(await this.bindAll(app, fresh))];
  }

  async close(graceMs: number): Promise<void> {
    const all = [...this.listeners, ...this.leaving];
    for (const listener of this.listeners) void listener.stopListening();
    this.gate.close();
    for (const { context } of all) context.http.drain();
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
      admission: gate,
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
    const context = new PortContext({
      name,
      index,
      protocol,
      gate,
      clock,
      http,
      wakesAfterHead: needsHead(app),
    });
    return listenOn(listen, context, { budget: connections, logger, vacant: () => this.onVacant?.() });
  }
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}

/** Only the head of a request can say whether it wakes the app, or gets a page instead of being held. */
function needsHead(app: AppSpec): boolean {
  return app.noWake.length > 0 || app.hold.waitingPage;
}

function configure(context: PortContext, app: AppSpec): void {
  context.http.configure({ noWake: app.noWake, waitingPage: app.hold.waitingPage });
  context.configure(app.ports[context.index]?.protocol ?? 'auto', needsHead(app));
}

function samePort(a: PortSpec | undefined, b: PortSpec | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.name === b.name &&
    a.listen.host === b.listen.host &&
    a.listen.port === b.listen.port
  );
}
