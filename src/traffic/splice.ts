import type { Socket } from 'node:net';
import type { Address } from '../core/app.ts';
import { ownSocket, type SocketOwner } from './http1/client-socket.ts';
import { Upstream, type UpstreamUser } from './http1/upstream.ts';
import type { MutableCounters } from './waiter.ts';

/** The connection for which a splice was made. */
export interface SpliceHost {
  /** The app has accepted; the host joins the two when it is time to. */
  dialled(): void;
  /** The app refused; nothing can have been sent to it. */
  dialFailed(): void;
  /** The app does something before the two were joined. The host joins them before it returns, or gives the splice up. */
  serverFirst(bytes: Buffer | null): void;
  /** The first byte of the app has come. */
  answered(): void;
  /** Both sides are closed. */
  closed(): void;
}

const EMPTY = Buffer.alloc(0);

/**
 * A client and an app, joined as bytes both ways: each side is paused by the write queue of the other, the end of one direction is passed on while the other
 * goes on, and a side that is cut cuts the other (RST for RST).
 */
export class Splice implements SocketOwner, UpstreamUser {
  connected = false;
  private readonly client: Socket;
  private readonly counters: MutableCounters;
  private readonly host: SpliceHost;
  /** `null` once it is closed. */
  private upstream: Upstream | null;
  private joined = false;
  private clientOpen = true;
  private clientEnded = false;
  private upstreamEnds = false;
  private answered = false;

  constructor(client: Socket, address: Address, counters: MutableCounters, host: SpliceHost) {
    this.client = client;
    this.counters = counters;
    this.host = host;
    this.upstream = Upstream.dial(address, this);
  }

  /** From here on the client belongs to the splice. `kept` is what it has sent so far, `ended` whether its FIN has come. */
  join(kept: Buffer, ended: boolean): void {
    this.joined = true;
    ownSocket(this.client, this);
    if (kept.length > 0) this.onData(kept);
    if (ended) this.onEnd();
    if (!(this.upstream?.unsent ?? false)) this.client.resume();
  }

  /** Before the two were joined: forgets the dial, or the connection that it led to. */
  abandon(): void {
    this.upstream?.discard();
    this.upstream = null;
  }

  // The client.

  onData(chunk: Buffer): void {
    this.counters.bytesIn += chunk.length;
    const { upstream } = this;
    if (upstream === null) return;
    upstream.write(chunk);
    if (!upstream.unsent) return;
    this.client.pause();
    upstream.notifyFlushed();
  }

  onEnd(): void {
    this.clientEnded = true;
    this.upstream?.end();
  }

  onClose(failed: boolean): void {
    this.clientOpen = false;
    const { upstream } = this;
    // After an orderly end of both directions, the upstream closes by itself once what was written to it has left.
    if (upstream !== null && (failed || !this.clientEnded || !this.upstreamEnds)) {
      this.upstream = null;
      if (failed) upstream.reset();
      else upstream.discard();
    }
    this.endIfClosed();
  }

  // The app.

  dialled(): void {
    this.connected = true;
    this.host.dialled();
  }

  dialFailed(): void {
    this.upstream = null;
    this.host.dialFailed();
  }

  received(bytes: Buffer, start: number, end: number): void {
    const chunk = bytes.subarray(start, end);
    if (!this.joined) this.host.serverFirst(chunk);
    if (!this.joined || !this.clientOpen) return;
    this.counters.bytesOut += chunk.length;
    this.client.write(chunk);
    // The read buffer must not be read into again while the kernel still owes us a part of it.
    if (this.client.writableLength > 0) {
      this.upstream?.pause();
      this.client.write(EMPTY, this.clientFlushed);
    }
    if (this.answered) return;
    this.answered = true;
    this.host.answered();
  }

  upstreamEnded(): void {
    this.upstreamEnds = true;
    if (!this.joined) this.host.serverFirst(null);
    if (this.joined && this.clientOpen) this.client.end();
  }

  upstreamClosed(failed: boolean): void {
    if (!this.joined) this.host.serverFirst(null);
    this.upstream = null;
    if (this.clientOpen) {
      if (failed) this.client.resetAndDestroy();
      else if (!this.clientEnded || !this.upstreamEnds) this.client.destroy();
    }
    this.endIfClosed();
  }

  upstreamFlushed(): void {
    this.client.resume();
  }

  private readonly clientFlushed = (): void => {
    this.upstream?.resume();
  };

  private endIfClosed(): void {
    if (this.joined && !this.clientOpen && this.upstream === null) this.host.closed();
  }
}
