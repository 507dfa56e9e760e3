import type { Socket } from 'node:net';
import { ownSocket, type SocketOwner } from './http1/client-socket.ts';
import type { Upstream } from './http1/upstream.ts';
import type { UpstreamUser } from './http1/upstream-user.ts';
import type { MutableCounters } from './counters.ts';

/** Whoever joins a client with an app: a TCP connection, or an HTTP exchange that has become a tunnel. */
export interface SpliceHost {
  /** The first bytes of the app have been passed on. */
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
  private readonly client: Socket;
  private readonly counters: MutableCounters;
  private readonly host: SpliceHost;
  /** `null` once it is closed. */
  private upstream: Upstream | null;
  private clientOpen = true;
  private clientEnded = false;
  private upstreamEnds = false;
  private answered = false;

  constructor(client: Socket, upstream: Upstream, counters: MutableCounters, host: SpliceHost) {
    this.client = client;
    this.upstream = upstream;
    this.counters = counters;
    this.host = host;
  }

  /** From here on both sides belong to the splice. `kept` is what the client has sent so far, `ended` whether its FIN has come. */
  start(kept: Buffer, ended: boolean): void {
    const { client, upstream } = this;
    if (upstream === null) return;
    upstream.user = this;
    ownSocket(client, this);
    this.holdAppUntilFlushed();
    if (kept.length > 0) upstream.write(kept);
    client.resume();
    this.holdClientUntilFlushed(upstream);
    // Last: nothing can be written behind the end, not even the mark that tells of the flush.
    if (ended) this.onEnd();
  }

  // The client.

  onData(chunk: Buffer): void {
    this.counters.bytesIn += chunk.length;
    const { upstream } = this;
    if (upstream === null) return;
    upstream.write(chunk);
    this.holdClientUntilFlushed(upstream);
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

  received(bytes: Buffer, start: number, end: number): void {
    if (!this.clientOpen) return;
    this.counters.bytesOut += end - start;
    this.client.write(bytes.subarray(start, end));
    this.holdAppUntilFlushed();
    if (this.answered) return;
    this.answered = true;
    this.host.answered();
  }

  upstreamEnded(): void {
    this.upstreamEnds = true;
    if (this.clientOpen) this.client.end();
  }

  upstreamClosed(failed: boolean): void {
    this.upstream = null;
    if (this.clientOpen) {
      if (failed) this.client.resetAndDestroy();
      else if (!this.clientEnded || !this.upstreamEnds) this.client.destroy();
    }
    this.endIfClosed();
  }

  // Flow control.

  private holdClientUntilFlushed(upstream: Upstream): void {
    if (!upstream.unsent) return;
    this.client.pause();
    upstream.notifyFlushed();
  }

  upstreamFlushed(): void {
    this.client.resume();
  }

  /** The read buffer must not be read into again while the kernel still owes us a part of it. */
  private holdAppUntilFlushed(): void {
    if (this.client.writableLength === 0) return;
    this.upstream?.pause();
    this.client.write(EMPTY, this.clientFlushed);
  }

  private readonly clientFlushed = (): void => {
    this.upstream?.resume();
  };

  private endIfClosed(): void {
    if (!this.clientOpen && this.upstream === null) this.host.closed();
  }
}
