import type { Socket } from 'node:net';
import { Splice, type SpliceHost } from '../splice.ts';
import { countResponse } from '../counters.ts';
import { heldBytesLimit } from '../held-bytes.ts';
import { portAddress } from '../port-address.ts';
import type { Slot } from '../slot.ts';
import { badGatewayAnswer } from './answers.ts';
import type { ClientRequest } from './client-request.ts';
import type { HttpContext } from './context.ts';
import type { ExchangeOwner } from './exchange-owner.ts';
import type { RelayTarget } from './relay-target.ts';
import { ResponseRelay } from './relay.ts';
import { RequestRelay } from './request-relay.ts';
import { Upstream } from './upstream.ts';
import type { Dialler } from './upstream-user.ts';

const OVER = 0;
/** The app has not accepted the connection, so nothing was sent. */
const DIALLING = 1;
/** The request went out, with its body or without; the response is not complete. */
const UNDER_WAY = 2;

const UNKNOWN_PORT = 'The running app does not have this port: it has to be restarted to serve it.';

/** One request after the other on its way to the app, from the grant to the end of the response. One object per client connection, made at its first grant. */
export class Exchange implements Dialler, RelayTarget, SpliceHost {
  readonly socket: Socket;
  readonly request: ClientRequest;
  private readonly owner: ExchangeOwner;
  private readonly context: HttpContext;
  private readonly outward: RequestRelay;
  private readonly relay: ResponseRelay = new ResponseRelay(this);
  private state: number = OVER;
  /** Sweep tick since when the app is dialled. */
  private since = 0;
  private upstream: Upstream | null = null;
  private slot: Slot | null = null;
  private resent = false;

  constructor(owner: ExchangeOwner) {
    this.owner = owner;
    this.socket = owner.socket;
    this.request = owner.request;
    this.context = owner.context;
    this.outward = new RequestRelay(owner);
  }

  open(slot: Slot): void {
    this.slot = slot;
    this.resent = false;
    const { wantsUpgrade, resendable } = this.request;
    const pooled = wantsUpgrade ? null : this.context.pools.of(slot).take(resendable);
    if (pooled === null) return this.dial(slot);
    pooled.user = this;
    this.upstream = pooled;
    this.send(pooled);
  }

  /** The client is gone, or nothing more is to go out to it: drops what is under way, and gives the unit of the slot back. */
  abort(): void {
    this.dropUpstream();
    this.state = OVER;
    this.release();
  }

  // To the app.

  private dial(slot: Slot): void {
    this.state = DIALLING;
    this.since = this.context.sweeper.tick;
    const address = portAddress(slot.endpoint, this.context.portName);
    if (address === null) this.responseFailed(UNKNOWN_PORT);
    else this.upstream = Upstream.dial(address, this);
  }

  dialled(): void {
    if (this.upstream !== null) this.send(this.upstream);
  }

  dialFailed(): void {
    const { slot } = this;
    this.upstream = null;
    this.slot = null;
    this.state = OVER;
    if (slot !== null) this.owner.dialRefused(slot);
  }

  /** The head, and what is here of the body. */
  private send(upstream: Upstream): void {
    const bodyEnd = this.outward.measure();
    if (bodyEnd < 0) return this.rejectBody();
    if (!this.request.body.done && this.owner.halfClosed) return this.owner.cut();
    this.state = UNDER_WAY;
    this.relay.begin(upstream);
    this.outward.begin(upstream, bodyEnd);
  }

  /** More from the client. */
  onData(chunk: Buffer): void {
    if (this.outward.sending) {
      if (!this.outward.forward(chunk)) this.rejectBody();
      return;
    }
    this.owner.store.append(chunk, 0, chunk.length);
    this.owner.updateReading();
  }

  upstreamFlushed(): void {
    this.outward.flushed();
  }

  /** The client will send no more. One that is being answered already need not; the app is not told, for it might take that for the end of the client. */
  onEnd(): void {
    if (this.outward.sending && !this.relay.headSent) this.owner.cut();
  }

  get wantsBytes(): boolean {
    if (this.outward.sending) return !this.outward.busy;
    // While the app has not answered, its client goes on being read, so that one that leaves is noticed.
    return this.owner.store.length < heldBytesLimit;
  }

  // From the app.

  received(bytes: Buffer, start: number, end: number): void {
    this.outward.progressed();
    this.relay.received(bytes, start, end);
  }

  upstreamEnded(): void {
    if (this.isStale()) this.resend();
    else this.relay.ended();
  }

  upstreamClosed(failed: boolean): void {
    if (this.isStale()) this.resend();
    else this.relay.closed(failed);
  }

  /** The app closed an idle connection at the moment in which it was used again: nothing was answered, and the request may be repeated. */
  private isStale(): boolean {
    const { upstream } = this;
    const reused = upstream !== null && upstream.reused;
    return reused && this.request.resendable && !this.resent && !this.relay.begun;
  }

  private resend(): void {
    const { slot } = this;
    if (slot === null) return;
    this.resent = true;
    this.context.admission.counters.retries += 1;
    this.dropUpstream();
    this.dial(slot);
  }

  notifyFlushed(): void {
    this.owner.notifyFlushed();
  }

  clientFlushed(): void {
    this.relay.flushed();
  }

  countOut(bytes: number): void {
    this.context.admission.counters.bytesOut += bytes;
  }

  answering(status: number): void {
    countResponse(this.context.admission.counters, status);
    if (status >= 200 || status === 101) this.context.admission.answered(this.owner);
  }

  /** After 101 the two speak with each other alone, in whatever protocol. */
  tunnelOpened(): void {
    const { upstream, socket } = this;
    const { store, halfClosed } = this.owner;
    if (upstream === null) return;
    this.upstream = null;
    this.state = OVER;
    this.outward.stop();
    const early = store.bytes.subarray(store.start, store.end);
    store.clear();
    new Splice(socket, upstream, this.context.admission.counters, this).start(early, halfClosed);
  }

  /** The 101 was the answer. */
  answered(): void {}

  /** Both ends of the tunnel are closed. */
  closed(): void {
    this.release();
    this.owner.onClose();
  }

  responseDone(reusable: boolean): void {
    const { upstream, slot } = this;
    this.upstream = null;
    this.state = OVER;
    this.outward.stop();
    if (upstream !== null && slot !== null) {
      if (reusable && this.request.body.done && !upstream.unsent) this.context.pools.of(slot).put(upstream);
      else upstream.discard();
    }
    this.release();
    this.owner.exchangeDone();
  }

  responseFailed(fault: string): void {
    this.context.admission.counters.refused['upstream-failed'] += 1;
    this.abort();
    this.owner.answerLocally(badGatewayAnswer(this.context.appName, fault));
  }

  responseCut(silently: boolean): void {
    this.abort();
    if (silently) this.socket.resetAndDestroy();
    else this.owner.closeGracefully();
  }

  // The client's faults, and the end.

  private rejectBody(): void {
    this.reject(400, 'The body of the request is not chunked as announced.');
  }

  private reject(status: number, fault: string): void {
    const cut = this.relay.headSent;
    this.abort();
    if (cut) this.owner.cut();
    else this.owner.reject(status, fault);
  }

  private dropUpstream(): void {
    this.upstream?.discard();
    this.upstream = null;
    this.outward.stop();
    this.relay.stop();
  }

  private release(): void {
    const { slot } = this;
    if (slot === null) return;
    this.slot = null;
    this.context.admission.done(this.owner, slot);
  }

  /** `waitingSince`: since when what was written to the client has not left. */
  sweep(tick: number, waitingSince: number): void {
    const { bodyIdleTicks, dialTicks } = this.context;
    if (this.state === DIALLING) {
      if (tick - this.since > dialTicks) this.giveUpDial();
    } else if (this.outward.isOverdue(tick)) {
      this.reject(408, 'The body of the request did not arrive in time.');
    } else if (this.relay.stalled && tick - waitingSince > bodyIdleTicks) {
      this.owner.cut();
    }
  }

  private giveUpDial(): void {
    this.upstream?.discard();
    this.dialFailed();
  }
}
