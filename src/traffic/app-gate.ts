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
import type { Reading } from './shared-reading.ts';

export interface AppGateDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sweep: Sweep;
  readonly held: HoldBudget;
  readonly connections: ConnectionBudget;
  readonly reading: Reading;
}

/** The gate of one app with its listeners. */
export class AppGate implements GateHandle {
  private readonly deps: AppGateDeps;
  private readonly gate: Gate;
  private listeners: PortListener[] = [];
  /** Of the listeners, and of ports that are no longer there, with connections that go on. */
  private readonly contexts = new Set<PortContext>();
  private onVacant: (() => void) | null = null;
  private closed = false;

  constructor(app: AppSpec, observer: GateObserver, deps: AppGateDeps) {
    this.deps = deps;
    this.gate = new Gate({ clock: deps.clock, observer, budget: deps.held }, limitsOf(app));
  }

  /** Binds every port of the app, or none. */
  async listen(app: AppSpec): Promise<void> {
    this.listeners = await this.bindAll(app, app.ports);
    for (const listener of this.listeners) listener.begin();
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

  /** Addresses that are new are bound first: when one of them cannot be, nothing has changed. Those that change their role go on listening. */
  async update(app: AppSpec): Promise<void> {
    const isNew = ({ listen }: PortSpec): boolean => this.listenerAt(listen) === undefined;
    const added = await this.bindAll(app, app.ports.filter(isNew));
    // Closed meanwhile: nobody would ever stop these.
    if (this.closed) return this.abandon(added);
    for (const port of app.ports) this.changeRole(port, app);
    const isWanted = ({ address }: PortListener): boolean =>
      app.ports.some(({ listen }) => sameAddress(listen, address));
    for (const listener of this.listeners) if (!isWanted(listener)) void listener.stopListening();
    this.listeners = [...this.listeners.filter(isWanted), ...added];
    this.gate.configure(limitsOf(app));
    for (const listener of added) listener.begin();
    this.forgetVacant();
  }

  async close(graceMs: number): Promise<void> {
    this.closed = true;
    for (const listener of this.listeners) void listener.stopListening();
    this.gate.close();
    for (const context of this.contexts) context.drain();
    if (this.open > 0) await this.vacantWithin(graceMs);
    for (const context of this.contexts) context.destroy();
  }

  private get open(): number {
    let open = 0;
    for (const context of this.contexts) open += context.open;
    return open;
  }

  private vacantWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = this.deps.clock.after(graceMs, () => resolve());
      this.onVacant = () => {
        if (this.open > 0) return;
        timer.cancel();
        resolve();
      };
    });
  }

  private listenerAt(address: Address): PortListener | undefined {
    return this.listeners.find((listener) => sameAddress(listener.address, address));
  }

  /** What a listener that is there already accepts from now on; the connections that it has accepted go on as what they were. */
  private changeRole(port: PortSpec, app: AppSpec): void {
    const listener = this.listenerAt(port.listen);
    if (listener === undefined) return;
    if (listener.context.name === port.name) configure(listener.context, port, app);
    else listener.context = this.newContext(app, port);
  }

  private async bindAll(app: AppSpec, ports: readonly PortSpec[]): Promise<PortListener[]> {
    const { connections: budget, logger, reading } = this.deps;
    const bound: PortListener[] = [];
    try {
      for (const port of ports)
        bound.push(await listenOn(port.listen, this.newContext(app, port), { budget, logger, reading }));
    } catch (error) {
      await this.abandon(bound);
      throw error;
    }
    return bound;
  }

  /** Nobody has been let in by them yet. */
  private async abandon(listeners: readonly PortListener[]): Promise<void> {
    const stopped = listeners.map((listener) => listener.stopListening());
    for (const { context } of listeners) context.destroy();
    await Promise.all(stopped);
    this.forgetVacant();
  }

  private newContext(app: AppSpec, { name, protocol }: PortSpec): PortContext {
    const { gate } = this;
    const { clock, sweep, connections: budget } = this.deps;
    const http = new HttpContext({
      admission: new PortAdmission(gate, () => context.learnHttpAnswered()),
      appName: app.name,
      portName: name,
      clock,
      sweep,
      isAwake: () => gate.awake,
      stateName: () => gate.state,
      forwardedProto: 'http',
      noWake: app.noWake,
      waitingPage: app.hold.waitingPage,
    });
    const wakesAfterHead = needsHead(app);
    const vacant = (): void => this.onVacant?.();
    const context = new PortContext({
      name,
      protocol,
      gate,
      clock,
      sweep,
      http,
      wakesAfterHead,
      budget,
      vacant,
    });
    this.contexts.add(context);
    return context;
  }

  /** Of a port that is no longer there, nothing is left to do once its last connection has closed. */
  private forgetVacant(): void {
    const current = new Set(this.listeners.map(({ context }) => context));
    for (const context of this.contexts) {
      if (context.open > 0 || current.has(context)) continue;
      context.destroy();
      this.contexts.delete(context);
    }
  }
}

function limitsOf({ hold, maxConcurrency }: AppSpec): GateLimits {
  return { maxHeld: hold.max, holdTimeoutMs: hold.timeoutMs, maxConcurrency };
}

/** Only the head of a request can say whether it wakes the app. */
function needsHead(app: AppSpec): boolean {
  return app.noWake.length > 0;
}

function configure(context: PortContext, port: PortSpec, app: AppSpec): void {
  context.http.configure({ noWake: app.noWake, waitingPage: app.hold.waitingPage });
  context.configure(port.protocol, needsHead(app));
}

function sameAddress(a: Address, b: Address): boolean {
  return a.host === b.host && a.port === b.port;
}
