import type { Protocol } from '../core/app.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from './connection.ts';
import type { Gate } from './gate.ts';
import type { HttpContext } from './http1/context.ts';

export interface PortContextOptions {
  readonly name: string;
  readonly index: number;
  readonly protocol: Protocol;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly http: HttpContext;
  /** The port has no-wake rules: only a request's head can say whether it wakes the app. */
  readonly wakesAfterHead: boolean;
}

/** What all connections of one port share, and what the port has learned from those before. */
export class PortContext {
  readonly name: string;
  readonly index: number;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly http: HttpContext;
  /** As configured; rules about requests make `auto` mean HTTP. */
  protocol: Protocol;
  wakesAfterHead: boolean;
  /** A server here once spoke before its client: from then on nobody waits for the client. */
  serverSpeaksFirst = false;
  /** HTTP was spoken here: a silent connection is a browser's reserve, not a use. */
  speaksHttp = false;
  private readonly connections = new Set<Connection>();

  constructor(options: PortContextOptions) {
    this.name = options.name;
    this.index = options.index;
    this.gate = options.gate;
    this.clock = options.clock;
    this.http = options.http;
    this.wakesAfterHead = options.wakesAfterHead;
    this.protocol = effective(options.protocol, options.wakesAfterHead);
  }

  /** For connections accepted from now on. */
  configure(protocol: Protocol, wakesAfterHead: boolean): void {
    this.wakesAfterHead = wakesAfterHead;
    this.protocol = effective(protocol, wakesAfterHead);
  }

  join(connection: Connection): void {
    this.connections.add(connection);
  }

  quit(connection: Connection): void {
    this.connections.delete(connection);
  }

  destroy(): void {
    for (const connection of this.connections) connection.destroy();
    this.http.destroy();
  }
}

function effective(protocol: Protocol, wakesAfterHead: boolean): Protocol {
  return wakesAfterHead && protocol === 'auto' ? 'http' : protocol;
}
