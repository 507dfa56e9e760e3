import { remoteAddress } from './client-socket.ts';
import type { ExchangeOwner } from './exchange-owner.ts';
import { writeRequest } from './request-writer.ts';
import type { Upstream } from './upstream.ts';

const NO_ADDRESS = Buffer.alloc(0);

/** Passes one request at a time from the client to the app, as it arrives. One object per client connection. */
export class RequestRelay {
  /** The head went out, the body is on its way. */
  sending = false;
  /** What was written to the app has not left yet. */
  busy = false;
  private readonly owner: ExchangeOwner;
  private upstream: Upstream | null = null;
  /** Sweep tick at which the exchange last went on. */
  private since = 0;
  private address: Uint8Array = NO_ADDRESS;

  constructor(owner: ExchangeOwner) {
    this.owner = owner;
  }

  /** The end of what is here of the body; -1 where its framing is broken. */
  measure(): number {
    const { store, request } = this.owner;
    return request.body.done ? store.start : request.body.advance(store.bytes, store.start, store.end);
  }

  /** Sends the head, and what is here of the body. */
  begin(upstream: Upstream, bodyEnd: number): void {
    const { store, request, context, socket } = this.owner;
    const bodyStart = store.start;
    this.upstream = upstream;
    this.busy = false;
    if (this.address === NO_ADDRESS) this.address = Buffer.from(remoteAddress(socket), 'latin1');
    writeRequest(upstream, request, this.address, context, store.bytes, bodyStart, bodyEnd);
    if (bodyEnd > bodyStart) store.consumeTo(bodyEnd);
    this.sending = !request.body.done;
    this.progressed();
    this.afterWrite(upstream);
  }

  stop(): void {
    this.sending = false;
    this.busy = false;
    this.upstream = null;
  }

  /** More of the body. False where its framing is broken. */
  forward(chunk: Buffer): boolean {
    const { upstream } = this;
    const { store, request } = this.owner;
    if (upstream === null) return true;
    this.progressed();
    const past = request.body.advance(chunk, 0, chunk.length);
    if (past < 0) return false;
    if (past > 0) upstream.write(past === chunk.length ? chunk : chunk.subarray(0, past));
    this.sending = !request.body.done;
    if (past < chunk.length) store.append(chunk, past, chunk.length);
    this.afterWrite(upstream);
    return true;
  }

  /** Everything written so far has left. */
  flushed(): void {
    this.busy = false;
    this.progressed();
    this.owner.updateReading();
  }

  /** A client that sends nothing more for so long has given up, unless an early answer is on its way to it. */
  progressed(): void {
    this.since = this.owner.context.sweeper.tick;
  }

  isOverdue(tick: number): boolean {
    return this.sending && !this.busy && tick - this.since > this.owner.context.bodyIdleTicks;
  }

  private afterWrite(upstream: Upstream): void {
    if (upstream.unsent && !this.busy) {
      this.busy = true;
      upstream.notifyFlushed();
    }
    this.owner.updateReading();
  }
}
