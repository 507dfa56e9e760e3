import type { Address, AppSpec, PortSpec } from '../core/app.ts';
import type { Logger } from '../ports/logger.ts';
import type { Gate } from './gate.ts';
import { configurePort, createPort, type PortDeps } from './app-port.ts';
import type { PortContext } from './port-context.ts';
import { listenOn, type PortListener } from './port-listener.ts';
import type { Reading } from './shared-reading.ts';

export interface AppPortsDeps extends PortDeps {
  readonly logger: Logger;
  readonly reading: Reading;
}

/** The ports of one app: their listeners, and what has been accepted there. */
export class AppPorts {
  /** The last open connection of a port has closed. */
  onVacant: (() => void) | null = null;
  private readonly gate: Gate;
  private readonly deps: AppPortsDeps;
  private listeners: PortListener[] = [];
  /** Of the listeners, and of ports that are no longer there, with connections that go on. */
  private readonly contexts = new Set<PortContext>();
  private stopped = false;

  constructor(gate: Gate, deps: AppPortsDeps) {
    this.gate = gate;
    this.deps = deps;
  }

  /** Open connections, of ports that are no longer there too. */
  get open(): number {
    let open = 0;
    for (const context of this.contexts) open += context.open;
    return open;
  }

  /**
   * Binds every port that is new, or none: when one of them cannot be bound, nothing has changed. Addresses that change their role go on listening. `bound`
   * is called before anybody is let in by the new ones, unless it was stopped meanwhile.
   */
  async listen(app: AppSpec, bound: () => void): Promise<void> {
    const isNew = ({ listen }: PortSpec): boolean => this.listenerAt(listen) === undefined;
    const added = await this.bindAll(app, app.ports.filter(isNew));
    // Nobody would ever stop these.
    if (this.stopped) return this.abandon(added);
    this.takeOver(app, added);
    bound();
    for (const listener of added) listener.begin();
    this.forgetVacant();
  }

  /** Accepts nobody any more. What is open goes on. */
  stopListening(): void {
    this.stopped = true;
    for (const listener of this.listeners) void listener.stopListening();
  }

  drain(): void {
    for (const context of this.contexts) context.drain();
  }

  destroy(): void {
    for (const context of this.contexts) context.destroy();
  }

  private takeOver(app: AppSpec, added: readonly PortListener[]): void {
    for (const port of app.ports) this.changeRole(port, app);
    const isWanted = ({ address }: PortListener): boolean =>
      app.ports.some(({ listen }) => sameAddress(listen, address));
    for (const listener of this.listeners) if (!isWanted(listener)) void listener.stopListening();
    this.listeners = [...this.listeners.filter(isWanted), ...added];
  }

  private listenerAt(address: Address): PortListener | undefined {
    return this.listeners.find((listener) => sameAddress(listener.address, address));
  }

  /** What a listener that is there already accepts from now on; the connections that it has accepted go on as what they were. */
  private changeRole(port: PortSpec, app: AppSpec): void {
    const listener = this.listenerAt(port.listen);
    if (listener === undefined) return;
    if (listener.context.name === port.name) configurePort(listener.context, app, port);
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

  private newContext(app: AppSpec, port: PortSpec): PortContext {
    const context = createPort(app, port, this.gate, this.deps, () => this.onVacant?.());
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

function sameAddress(a: Address, b: Address): boolean {
  return a.host === b.host && a.port === b.port;
}
