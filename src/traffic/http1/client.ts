import type { Socket } from 'node:net';
import type { NoWakeAnswer } from '../../core/app.ts';
import type { Visitor } from '../../core/visitor.ts';
import type { Seat } from '../seat.ts';
import type { AdmitOptions, Refused, Slot, Waiter } from '../waiter.ts';
import type { LocalAnswer } from './answers.ts';
import { badGatewayAnswer, faultAnswer, noWakeAnswer, refusalAnswer, serialiseAnswer } from './answers.ts';
import { BodyFraming } from './body.ts';
import { ByteStore } from './byte-store.ts';
import type { SocketOwner } from './client-socket.ts';
import { ownSocket, remoteAddress, remoteEnd } from './client-socket.ts';
import type { HttpContext, Member } from './context.ts';
import { INCOMPLETE } from './head.ts';
import type { Head } from './head.ts';
import { KeptRequest } from './kept-request.ts';
import type { RelayTarget } from './relay.ts';
import { ResponseRelay } from './relay.ts';
import { requestHeadBound, writeRequestHead } from './rewrite.ts';
import { replaceScratch, scratchFor } from './scratch.ts';
import { LF } from './tables.ts';
import type { UpstreamUser } from './upstream.ts';
import { Upstream } from './upstream.ts';
import { isNavigation, refusalPage, waitingPage } from './waiting-page.ts';

/** A connection to the app that was dialled before it was known that the client speaks HTTP. Its owner has removed his listeners and given the unit back. */
export interface FreshUpstream {
  readonly socket: Socket;
  readonly slot: Slot;
}

/** Waits for the next head. */
const AWAITING_HEAD = 0;
/** The gate has not let the request go ahead. */
const HELD = 1;
/** It has; the app has not accepted the connection, so nothing was sent. */
const DIALLING = 2;
/** The head went out, the body is on its way. */
const SENDING_BODY = 3;
/** The request is complete; the response is not. */
const ANSWERING = 4;
/** After 101: bytes both ways. */
const TUNNEL = 5;
/** An answer of Drowse's own has to leave before the next request is read. */
const FLUSHING = 6;
/** The last answer is out; what the client still sends is read and dropped until it closes. */
const CLOSING = 7;
const CLOSED = 8;

/**
 * While a request waits its connection goes on being read up to this, so that a client that leaves is noticed. Checked after each read, so that one read
 * (of at most as much again) may go over it.
 */
const MAX_STORED_BYTES = 64 * 1024;
/** Up to here a body goes out in one write with its head. */
const MAX_JOINED_BODY_BYTES = 4096;

const COUNTED: AdmitOptions = { counts: true };
const NOT_COUNTED: AdmitOptions = { counts: false };
const NO_ADDRESS = Buffer.alloc(0);
/** What the gate answers to a use that must not wake the app. */
const NOT_AWAKE = 'not-awake';

/**
 * One accepted HTTP/1.1 connection: reads requests one after the other, has each admitted by the gate, passes it to the app and the response back. Requests
 * count as use one by one; between them the connection is none.
 */
export class HttpClient implements Waiter, UpstreamUser, RelayTarget, SocketOwner, Member {
  /** The gate's. */
  seat: Seat | null = null;
  readonly socket: Socket;
  isHead = false;
  http10 = false;
  wantsUpgrade = false;
  keepAlive = true;
  private state: number = AWAITING_HEAD;
  /** Sweep tick from which the time-out of the present state runs. */
  private since: number;
  private stalledSince = 0;
  private readonly context: HttpContext;
  private readonly request = new KeptRequest();
  private readonly store = new ByteStore();
  private readonly body = new BodyFraming(false);
  private relay: ResponseRelay | null = null;
  private upstream: Upstream | null = null;
  private slot: Slot | null = null;
  private fresh: FreshUpstream | null;
  private address: Uint8Array = NO_ADDRESS;
  /** The answer, if this request must not wake the app. */
  private noWake: NoWakeAnswer | null = null;
  /** A person waits for a page. */
  private navigation = false;
  /** May lawfully be sent again: idempotent and without a body. */
  private resendable = false;
  private resent = false;
  private served = false;
  private paused = false;
  private driving = false;
  /** The client will send no more (FIN). */
  private halfClosed = false;
  /** The app will send no more into the tunnel. */
  private tunnelEnded = false;
  private upstreamBusy = false;
  private flushed: (() => void) | null = null;

  constructor(socket: Socket, context: HttpContext, fresh: FreshUpstream | null) {
    this.socket = socket;
    this.context = context;
    this.fresh = fresh;
    this.since = context.sweeper.tick;
    context.join(this);
    ownSocket(socket, this);
    fresh?.socket.on('error', ignore);
  }

  /** `first`: what was read of the socket already. */
  start(first: Buffer | null): void {
    if (first !== null && first.length > 0) this.onData(first);
    // Whoever looked at the first bytes may have left the socket paused.
    if (!this.paused) this.socket.resume();
  }

  // What the client sends.

  onData(chunk: Buffer): void {
    this.context.admission.counters.bytesIn += chunk.length;
    switch (this.state) {
      case AWAITING_HEAD:
        return this.collectHead(chunk);
      case SENDING_BODY:
        return this.forwardBody(chunk);
      case TUNNEL:
        return this.forwardBytes(chunk);
      case CLOSING:
      case CLOSED:
        return;
      default:
        this.store.append(chunk, 0, chunk.length);
        this.updateReading();
    }
  }

  onEnd(): void {
    this.halfClosed = true;
    switch (this.state) {
      case AWAITING_HEAD:
        return this.closeGracefully();
      case HELD:
      case SENDING_BODY:
        // A parked client that closes has left; a body that ends early is no request.
        this.socket.destroy();
        return this.onClose();
      case TUNNEL:
        this.upstream?.end();
        if (this.tunnelEnded) this.finishTunnel();
    }
  }

  onClose(): void {
    if (this.state === CLOSED) return;
    const held = this.state === HELD;
    this.state = CLOSED;
    this.context.quit(this);
    this.store.clear();
    this.dropFresh();
    if (held) this.context.admission.leave(this);
    this.dropUpstream();
    this.release();
  }

  private collectHead(chunk: Buffer): void {
    const first = this.store.length === 0;
    if (first) this.since = this.context.sweeper.tick;
    this.store.append(chunk, 0, chunk.length);
    // A head can only end, or turn out wrong in a way that matters, with a line.
    if (first || chunk.includes(LF) || this.store.length >= this.context.maxHeadBytes) this.drive();
  }

  /** Starts as many requests as can be: one, unless Drowse answers them itself. */
  private drive(): void {
    if (this.driving) return;
    this.driving = true;
    while (this.state === AWAITING_HEAD && this.next());
    this.driving = false;
  }

  private next(): boolean {
    const { store, request, context } = this;
    if (store.length === 0) return false;
    const limit = Math.min(store.end, store.start + context.maxHeadBytes);
    const past = request.parse(store.bytes, store.start, limit);
    if (past >= 0) {
      store.consumeTo(past);
      this.begin(request.head());
      return true;
    }
    if (past !== INCOMPLETE) this.reject(-past, request.fault);
    else if (store.length >= context.maxHeadBytes) this.reject(431, 'The head of the request is too large.');
    else if (this.halfClosed) this.closeGracefully();
    return false;
  }

  private begin(head: Head): void {
    const { context, request } = this;
    context.admission.counters.requests += 1;
    request.sinceMs = context.clock.monoMs();
    this.served = true;
    this.readHead(head);
    if (head.isConnect) return this.reject(405, 'CONNECT is not for servers.');
    if (this.wantsUpgrade && !this.body.done)
      return this.reject(400, 'An Upgrade request cannot have a body.');
    this.noWake = this.matchNoWake(head);
    if (this.noWake !== null && !context.isAwake()) return this.answerNoWake(this.noWake);
    this.navigation = context.waitingPage && this.noWake === null && isNavigation(request.bytes, head);
    this.state = HELD;
    context.admission.admit(this, this.noWake === null ? COUNTED : NOT_COUNTED);
    if (this.state !== HELD) return;
    if (this.navigation && !context.isAwake()) this.showWaitingPage();
    else this.updateReading();
  }

  private readHead(head: Head): void {
    this.isHead = head.isHead;
    this.http10 = head.minor === 0;
    this.keepAlive = !this.http10 && !head.close && !this.context.draining;
    this.wantsUpgrade = head.connectionUpgrade && head.upgradeEnd !== 0 && !head.upgradeIsH2c && !this.http10;
    if (head.chunked) this.body.chunked();
    else this.body.length(Math.max(0, head.contentLength));
    this.resendable = head.idempotent && this.body.done;
    this.resent = false;
    // A tunnel that did not come about leaves a connection on which the two ends may disagree about what comes next.
    if (this.wantsUpgrade) this.keepAlive = false;
  }

  private matchNoWake(head: Head): NoWakeAnswer | null {
    const { noWake } = this.context;
    return noWake.empty ? null : noWake.match(this.request.bytes, head, remoteAddress(this.socket));
  }

  private answerNoWake(answer: NoWakeAnswer): void {
    this.context.admission.counters.noWake += 1;
    this.answerLocally(noWakeAnswer(answer));
  }

  /** The demand was delivered when the gate held this request; the page itself asks again until the app answers, so nobody has to be held. */
  private showWaitingPage(): void {
    this.context.admission.leave(this);
    this.answerLocally(waitingPage(this.context.appName));
  }

  // What the gate says.

  granted(slot: Slot): void {
    this.slot = slot;
    const pooled = this.wantsUpgrade ? null : this.context.pools.of(slot).take(this.resendable);
    if (pooled === null) return this.dial(slot);
    pooled.user = this;
    this.upstream = pooled;
    this.send(pooled);
  }

  refused(why: Refused): void {
    if (this.noWake !== null && why.code === NOT_AWAKE) return this.answerNoWake(this.noWake);
    const app = this.context.appName;
    this.answerLocally(this.navigation ? refusalPage(app, why) : refusalAnswer(app, why));
  }

  describe(): Visitor {
    return this.request.describe(remoteEnd(this.socket), this.context.portName);
  }

  // To the app.

  private dial(slot: Slot): void {
    this.state = DIALLING;
    this.since = this.context.sweeper.tick;
    const address = slot.endpoint.addresses[this.context.portIndex];
    if (address === undefined) return this.responseFailed('The app has no address for this port.');
    this.upstream = this.adoptFresh(slot) ?? Upstream.dial(address, this);
    if (this.upstream.connected) this.send(this.upstream);
  }

  private adoptFresh(slot: Slot): Upstream | null {
    const { fresh } = this;
    if (fresh === null) return null;
    if (fresh.slot !== slot || fresh.socket.destroyed || !fresh.socket.writable) {
      this.dropFresh();
      return null;
    }
    this.fresh = null;
    return Upstream.adopt(fresh.socket, this);
  }

  dialled(): void {
    if (this.upstream !== null) this.send(this.upstream);
  }

  /** Nothing was sent, so it is always lawful to try again, here or elsewhere. */
  dialFailed(): void {
    const { slot } = this;
    this.upstream = null;
    this.slot = null;
    this.state = HELD;
    if (slot !== null) this.context.admission.redial(this, slot);
  }

  /** Sends the head, and what is there of the body. */
  private send(upstream: Upstream): void {
    const { store, body } = this;
    const bodyStart = store.start;
    const bodyEnd = body.done ? bodyStart : body.advance(store.bytes, bodyStart, store.end);
    if (bodyEnd < 0) return this.rejectBody();
    if (!body.done && this.halfClosed) return this.abandon();
    this.relay ??= new ResponseRelay(this);
    this.relay.begin(upstream);
    this.upstreamBusy = false;
    this.writeHeadAndBody(upstream, store.bytes, bodyStart, bodyEnd);
    if (bodyEnd > bodyStart) store.consumeTo(bodyEnd);
    this.state = body.done ? ANSWERING : SENDING_BODY;
    this.since = this.context.sweeper.tick;
    this.afterUpstreamWrite(upstream);
  }

  private writeHeadAndBody(upstream: Upstream, body: Buffer, bodyStart: number, bodyEnd: number): void {
    const head = this.request.head();
    if (this.address === NO_ADDRESS) this.address = Buffer.from(remoteAddress(this.socket), 'latin1');
    const joined = bodyEnd - bodyStart <= MAX_JOINED_BODY_BYTES;
    const room = requestHeadBound(head, this.address) + (joined ? bodyEnd - bodyStart : 0);
    const out = scratchFor(room);
    const proto = this.context.forwardedProto;
    let end = writeRequestHead(head, this.request.bytes, out, this.address, proto, this.wantsUpgrade);
    if (joined && bodyEnd > bodyStart) end += body.copy(out, end, bodyStart, bodyEnd);
    upstream.write(out.subarray(0, end));
    if (upstream.unsent) replaceScratch();
    if (!joined) upstream.write(body.subarray(bodyStart, bodyEnd));
  }

  private forwardBody(chunk: Buffer): void {
    const { body, upstream } = this;
    if (upstream === null) return;
    this.since = this.context.sweeper.tick;
    const past = body.advance(chunk, 0, chunk.length);
    if (past < 0) return this.rejectBody();
    if (past > 0) upstream.write(past === chunk.length ? chunk : chunk.subarray(0, past));
    if (body.done) this.state = ANSWERING;
    if (past < chunk.length) this.store.append(chunk, past, chunk.length);
    this.afterUpstreamWrite(upstream);
  }

  private forwardBytes(chunk: Buffer): void {
    const { upstream } = this;
    if (upstream === null) return;
    upstream.write(chunk);
    this.afterUpstreamWrite(upstream);
  }

  private afterUpstreamWrite(upstream: Upstream): void {
    if (upstream.unsent && !this.upstreamBusy) {
      this.upstreamBusy = true;
      upstream.notifyFlushed();
    }
    this.updateReading();
  }

  upstreamFlushed(): void {
    this.upstreamBusy = false;
    this.since = this.context.sweeper.tick;
    this.updateReading();
  }

  // From the app.

  get requestDone(): boolean {
    return this.body.done;
  }

  received(bytes: Buffer, start: number, end: number): void {
    this.relay?.received(bytes, start, end);
  }

  upstreamEnded(): void {
    if (this.state === TUNNEL) {
      this.tunnelEnded = true;
      this.socket.end();
      if (this.halfClosed) this.finishTunnel();
    } else if (this.isStale()) this.resend();
    else this.relay?.ended();
  }

  upstreamClosed(failed: boolean): void {
    if (this.isStale()) this.resend();
    else this.relay?.closed(failed);
  }

  /** The app closed an idle connection at the moment in which it was used again: nothing was answered, and the request may be repeated. */
  private isStale(): boolean {
    const { relay, upstream } = this;
    return upstream !== null && upstream.reused && this.resendable && !this.resent && relay?.begun === false;
  }

  private resend(): void {
    const { slot } = this;
    if (slot === null) return;
    this.resent = true;
    this.context.admission.counters.retries += 1;
    this.dropUpstream();
    this.dial(slot);
  }

  countOut(bytes: number): void {
    this.context.admission.counters.bytesOut += bytes;
  }

  answering(status: number): void {
    this.countResponse(status);
    if (status >= 200 || status === 101) this.context.admission.answered(this);
  }

  tunnelOpened(): void {
    const { upstream, store } = this;
    if (upstream === null) return;
    this.state = TUNNEL;
    this.tunnelEnded = false;
    if (store.length > 0) upstream.write(store.bytes.subarray(store.start, store.end));
    store.clear();
    this.afterUpstreamWrite(upstream);
    if (this.halfClosed) upstream.end();
  }

  private finishTunnel(): void {
    this.upstream?.close();
    this.upstream = null;
    this.relay?.stop();
    this.release();
    this.closeGracefully();
  }

  responseDone(reusable: boolean): void {
    const { upstream, slot } = this;
    this.upstream = null;
    if (upstream !== null && slot !== null) {
      if (reusable && this.body.done && !upstream.unsent) this.context.pools.of(slot).put(upstream);
      else upstream.discard();
    }
    this.release();
    this.nextOrClose();
  }

  responseFailed(fault: string): void {
    this.context.admission.counters.refused['upstream-failed'] += 1;
    this.dropUpstream();
    this.release();
    this.answerLocally(badGatewayAnswer(this.context.appName, fault));
  }

  responseCut(silently: boolean): void {
    this.dropUpstream();
    this.release();
    if (silently) this.socket.resetAndDestroy();
    else this.closeGracefully();
  }

  // Answers of Drowse's own, and the end of an exchange.

  private reject(status: number, fault: string): void {
    this.context.admission.counters.refused['bad-request'] += 1;
    this.keepAlive = false;
    this.answerLocally(faultAnswer(this.context.appName, status, fault));
  }

  private rejectBody(): void {
    this.endBadRequest(400, 'The body of the request is not chunked as announced.');
  }

  /** The client broke its request off, or spoiled it, after the gate had let it go ahead. */
  private endBadRequest(status: number, fault: string): void {
    const cut = this.relay?.headSent ?? false;
    this.dropUpstream();
    this.release();
    if (cut) this.socket.destroy();
    else this.reject(status, fault);
  }

  private abandon(): void {
    this.socket.destroy();
    this.onClose();
  }

  private answerLocally(answer: LocalAnswer): void {
    this.keepAlive = this.keepAlive && this.skipBody();
    const bytes = serialiseAnswer(answer, this.isHead, this.keepAlive);
    this.countResponse(answer.status);
    this.countOut(bytes.length);
    this.socket.write(bytes);
    if (!this.keepAlive || this.socket.writableLength === 0) return this.nextOrClose();
    this.state = FLUSHING;
    this.notifyFlushed();
    this.updateReading();
  }

  /** Whether the connection can go on after an answer that left the body unused: only if all of it is here. */
  private skipBody(): boolean {
    const { body, store } = this;
    if (body.done) return true;
    const past = body.advance(store.bytes, store.start, store.end);
    if (past < 0) return false;
    store.consumeTo(past);
    return body.done;
  }

  private nextOrClose(): void {
    if (this.state === CLOSED) return;
    this.request.settle();
    const more = !this.halfClosed || this.store.length > 0;
    if (!this.keepAlive || !this.body.done || this.context.draining || !more) return this.closeGracefully();
    this.state = AWAITING_HEAD;
    this.since = this.context.sweeper.tick;
    this.updateReading();
    this.drive();
  }

  private closeGracefully(): void {
    if (this.state === CLOSED) return;
    this.state = CLOSING;
    this.since = this.context.sweeper.tick;
    this.store.clear();
    this.dropFresh();
    this.socket.end();
    this.updateReading();
  }

  private dropUpstream(): void {
    this.upstream?.discard();
    this.upstream = null;
    this.upstreamBusy = false;
    this.relay?.stop();
  }

  private dropFresh(): void {
    this.fresh?.socket.destroy();
    this.fresh = null;
  }

  /** Gives the unit of the slot back. */
  private release(): void {
    const { slot } = this;
    if (slot === null) return;
    this.slot = null;
    this.context.admission.done(this, slot);
  }

  private countResponse(status: number): void {
    const { responses } = this.context.admission.counters;
    const hundreds = Math.min(5, Math.floor(status / 100));
    responses[hundreds] = (responses[hundreds] ?? 0) + 1;
  }

  // Flow control and time-outs.

  notifyFlushed(): void {
    this.stalledSince = this.context.sweeper.tick;
    this.flushed ??= () => this.onFlushed();
    this.socket.write(NOTHING, this.flushed);
  }

  private onFlushed(): void {
    if (this.state === FLUSHING) this.nextOrClose();
    else this.relay?.flushed();
  }

  private updateReading(): void {
    const paused = !this.wantsBytes();
    if (paused === this.paused) return;
    this.paused = paused;
    if (paused) this.socket.pause();
    else this.socket.resume();
  }

  private wantsBytes(): boolean {
    switch (this.state) {
      case SENDING_BODY:
      case TUNNEL:
        return !this.upstreamBusy;
      case HELD:
      case DIALLING:
      case ANSWERING:
        return this.store.length < MAX_STORED_BYTES;
      default:
        return this.state !== FLUSHING;
    }
  }

  sweep(tick: number): void {
    const { context } = this;
    const age = tick - this.since;
    switch (this.state) {
      case AWAITING_HEAD:
        return this.sweepHead(age);
      case DIALLING:
        if (age > context.dialTicks) this.giveUpDial();
        return;
      case SENDING_BODY:
        if (!this.paused && age > context.bodyIdleTicks)
          this.endBadRequest(408, 'The body did not arrive in time.');
        else this.sweepStalled(tick);
        return;
      case ANSWERING:
      case FLUSHING:
        return this.sweepStalled(tick);
      case CLOSING:
        return this.sweepClosing(age);
    }
  }

  private sweepHead(age: number): void {
    const begun = this.store.length > 0;
    if (!begun && this.served) {
      if (age > this.context.idleTicks) this.closeGracefully();
    } else if (age > this.context.headTicks) {
      if (begun) this.reject(408, 'The head of the request did not arrive in time.');
      else this.closeGracefully();
    }
  }

  private giveUpDial(): void {
    this.upstream?.discard();
    this.dialFailed();
  }

  private sweepClosing(age: number): void {
    const { context, socket } = this;
    const limit = socket.writableLength === 0 ? context.lingerTicks : context.bodyIdleTicks;
    if (age > limit) socket.destroy();
  }

  /** The client does not read its answer. */
  private sweepStalled(tick: number): void {
    const stalled = this.state === FLUSHING || (this.relay?.stalled ?? false);
    if (stalled && tick - this.stalledSince > this.context.bodyIdleTicks) this.socket.destroy();
  }

  drain(): void {
    if (this.state === AWAITING_HEAD && this.store.length === 0) this.closeGracefully();
    else this.keepAlive = false;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

const NOTHING = Buffer.alloc(0);

function ignore(): void {}
