import type { Socket } from 'node:net';
import type { Protocol } from '../core/app.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import type { Gate } from './gate.ts';
import type { HttpContext } from './http1/context.ts';
import type { Sweep, Swept } from './http1/sweep.ts';

export interface PortContextOptions {
  readonly name: string;
  readonly protocol: Protocol;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly sweep: Sweep;
  readonly http: HttpContext;
  /** The port has no-wake rules: only a request's head can say whether it wakes the app. */
  readonly wakesAfterHead: boolean;
  readonly budget: ConnectionBudget;
  /** The last open connection has closed. */
  vacant(context: PortContext): void;
}

/** A connection of which it is not known yet what becomes, or that is joined with the app, as its port sees it. */
export interface PortMember extends Swept {
  /** The app turned out to speak HTTP. */
  backToSilence(): void;
  /** The end is near. */
  drain(): void;
  destroy(): void;
}

/** A client that speaks first does so together with its connect; one that is silent this long waits for the server to speak. */
const silenceMs = 10;
/** Once somebody has sent an HTTP request, and while its answer has not shown yet whether the app understands it. */
const doubtfulSilenceMs = 1000;

/** What all connections of one port share, and what the port has learned from those before. */
export class PortContext implements Swept {
  readonly name: string;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly sweeper: Sweep;
  readonly http: HttpContext;
  protocol: Protocol;
  wakesAfterHead: boolean;
  /** A server here once spoke before its client: from then on nobody waits for the client. */
  private serverSpeaksFirst = false;
  /** A client here sent an HTTP request. Any port scanner does. */
  private httpWasAsked = false;
  /** The app has answered HTTP. */
  private httpWasAnswered = false;
  private readonly connections = new Set<PortMember>();
  private openNow = 0;
  /** One function for all connections: it costs none of them a closure. */
  private readonly onClosed: () => void;

  constructor(options: PortContextOptions) {
    const { budget } = options;
    this.onClosed = () => {
      this.openNow -= 1;
      budget.giveBack();
      if (this.openNow === 0) options.vacant(this);
    };
    this.name = options.name;
    this.gate = options.gate;
    this.clock = options.clock;
    this.sweeper = options.sweep;
    this.http = options.http;
    this.wakesAfterHead = options.wakesAfterHead;
    this.protocol = options.protocol;
  }

  /** Open connections, whatever has become of them. */
  get open(): number {
    return this.openNow;
  }

  /** A connection was accepted, for which the budget had room. */
  opened(socket: Socket): void {
    this.openNow += 1;
    this.gate.counters.connections += 1;
    socket.on('close', this.onClosed);
  }

  /** For connections accepted from now on. */
  configure(protocol: Protocol, wakesAfterHead: boolean): void {
    this.wakesAfterHead = wakesAfterHead;
    this.protocol = protocol;
  }

  /** How long a client of an app that serves may be silent before the server is given a chance to speak; `null`: for ever, for it is a browser's reserve. */
  patienceMs(): number | null {
    if (this.serverSpeaksFirst) return 0;
    if (this.httpWasAnswered) return null;
    return this.httpWasAsked ? doubtfulSilenceMs : silenceMs;
  }

  /** The app behind it has answered HTTP, and never spoken first. */
  get speaksHttp(): boolean {
    return this.httpWasAnswered && !this.serverSpeaksFirst;
  }

  learnServerFirst(): void {
    this.serverSpeaksFirst = true;
  }

  learnHttpAsked(): void {
    this.httpWasAsked = true;
  }

  /** Silent connections that were dialled on the chance that the server speaks first are no use of the app after all. */
  learnHttpAnswered(): void {
    if (this.httpWasAnswered || this.serverSpeaksFirst) return;
    this.httpWasAnswered = true;
    for (const connection of this.connections) connection.backToSilence();
  }

  join(connection: PortMember): void {
    if (this.connections.size === 0) this.sweeper.add(this);
    this.connections.add(connection);
  }

  quit(connection: PortMember): void {
    if (this.connections.delete(connection) && this.connections.size === 0) this.sweeper.remove(this);
  }

  sweep(tick: number): void {
    for (const connection of this.connections) connection.sweep(tick);
  }

  /** The end is near: whoever has not said anything yet is let go, the others go on. */
  drain(): void {
    for (const connection of this.connections) connection.drain();
    this.http.drain();
  }

  destroy(): void {
    for (const connection of this.connections) connection.destroy();
    this.http.destroy();
  }
}
