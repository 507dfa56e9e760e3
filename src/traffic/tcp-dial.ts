import type { Socket } from 'node:net';
import type { Address } from '../core/app.ts';
import { Upstream } from './http1/upstream.ts';
import type { Dialler } from './http1/upstream-user.ts';
import { Splice, type SpliceHost } from './splice.ts';
import type { MutableCounters } from './counters.ts';

/** The connection for which an app is dialled. */
export interface DialHost extends SpliceHost {
  /** The app has accepted; the host joins the two when it is time to. */
  dialled(): void;
  /** The app refused; nothing can have been sent to it. */
  dialFailed(): void;
  /** The app does something before the two were joined (`null`: it ends). The host joins them before it returns, or gives the dial up. */
  serverFirst(bytes: Buffer | null): void;
}

/** A connection to an app that nothing is sent on yet: until it is known that the client speaks no HTTP, or the server speaks first. */
export class TcpDial implements Dialler {
  connected = false;
  private readonly host: DialHost;
  /** `null` once it was given up, or is the splice's. */
  private upstream: Upstream | null;
  private splice: Splice | null = null;

  constructor(address: Address, host: DialHost) {
    this.host = host;
    this.upstream = Upstream.dial(address, this);
  }

  join(client: Socket, counters: MutableCounters, kept: Buffer, ended: boolean): void {
    const { upstream } = this;
    if (upstream === null) return;
    this.upstream = null;
    counters.bytesIn += kept.length;
    this.splice = new Splice(client, upstream, counters, this.host);
    this.splice.start(kept, ended);
  }

  /** Forgets the dial, or the connection that it led to. */
  giveUp(): void {
    this.upstream?.discard();
    this.upstream = null;
  }

  dialled(): void {
    this.connected = true;
    this.host.dialled();
  }

  dialFailed(): void {
    this.upstream = null;
    this.host.dialFailed();
  }

  received(bytes: Buffer, start: number, end: number): void {
    this.host.serverFirst(bytes.subarray(start, end));
    this.splice?.received(bytes, start, end);
  }

  upstreamEnded(): void {
    this.host.serverFirst(null);
    this.splice?.upstreamEnded();
  }

  upstreamClosed(failed: boolean): void {
    this.host.serverFirst(null);
    this.splice?.upstreamClosed(failed);
  }

  /** Nothing was written. */
  upstreamFlushed(): void {}
}
