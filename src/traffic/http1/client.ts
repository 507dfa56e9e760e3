import type { Socket } from 'node:net';
import type { Visitor } from '../../core/visitor.ts';
import { countResponse } from '../counters.ts';
import { heldBytesLimit } from '../held-bytes.ts';
import type { Refused } from '../refusals.ts';
import type { Seat } from '../seat.ts';
import type { Slot } from '../slot.ts';
import { faultAnswer, type LocalAnswer, serialiseAnswer } from './answers.ts';
import { ByteStore } from './byte-store.ts';
import { ClientRequest } from './client-request.ts';
import { ownSocket, remoteEnd, type SocketOwner } from './client-socket.ts';
import type { HttpContext, Member } from './context.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner } from './exchange-owner.ts';
import { BAD_HEAD, HeadReader, NEXT_HEAD } from './head-reader.ts';
import { LingeringClose } from './lingering-close.ts';
import { WakeTerms } from './wake-terms.ts';

/** Waits for the next head. */
const AWAITING_HEAD = 0;
/** The gate has not let the request go ahead. */
const HELD = 1;
/** It has: the exchange with the app is under way. */
const EXCHANGING = 2;
/** An answer of Drowse's own has to leave before the next request is read. */
const FLUSHING = 3;
/** Closed, or on its way to be: the socket is somebody else's. */
const CLOSED = 4;

const NOTHING = Buffer.alloc(0);

/**
 * One accepted HTTP/1.1 connection: reads requests one after the other and has each admitted by the gate, which counts them as use one by one; between them
 * the connection is none.
 */
export class HttpClient implements ExchangeOwner, SocketOwner, Member {
  /** The gate's. */
  seat: Seat | null = null;
  readonly socket: Socket;
  readonly context: HttpContext;
  readonly request = new ClientRequest();
  readonly store = new ByteStore();
  halfClosed = false;
  private exchange: Exchange | null = null;
  private state: number = AWAITING_HEAD;
  /** Sweep tick since when something written has not left, where anybody waits for that. */
  private unsentSince = 0;
  private paused = false;
  private driving = false;
  private readonly heads: HeadReader;
  private readonly terms: WakeTerms;
  private readonly flushed = (): void => this.onFlushed();

  constructor(socket: Socket, context: HttpContext) {
    this.socket = socket;
    this.context = context;
    this.heads = new HeadReader(this.store, this.request, context);
    this.terms = new WakeTerms(context);
    context.join(this);
    ownSocket(socket, this);
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
    if (this.state === AWAITING_HEAD) {
      if (this.heads.add(chunk)) this.drive();
    } else if (this.state === EXCHANGING) this.exchange?.onData(chunk);
    else {
      this.store.append(chunk, 0, chunk.length);
      this.updateReading();
    }
  }

  onEnd(): void {
    this.halfClosed = true;
    if (this.state === AWAITING_HEAD) this.closeGracefully();
    else if (this.state === EXCHANGING) this.exchange?.onEnd();
    // One that closes while it is parked has left: see the decision record on half-closed clients.
    else if (this.state === HELD) this.cut();
  }

  onClose(): void {
    if (this.state === CLOSED) return;
    const held = this.state === HELD;
    this.state = CLOSED;
    this.context.quit(this);
    this.store.clear();
    if (held) this.context.admission.leave(this);
    this.exchange?.abort();
  }

  /** Starts as many requests as can be: one, unless Drowse answers them itself. */
  private drive(): void {
    if (this.driving) return;
    this.driving = true;
    while (this.state === AWAITING_HEAD && this.next());
    this.driving = false;
  }

  private next(): boolean {
    const found = this.heads.next();
    if (found === NEXT_HEAD) this.begin();
    else if (found === BAD_HEAD) this.reject(this.heads.status, this.heads.fault);
    else if (this.halfClosed && this.heads.hasBegun) this.closeGracefully();
    return found === NEXT_HEAD;
  }

  private begin(): void {
    const { context, request } = this;
    const head = request.begin(context.clock.monoMs());
    context.admission.counters.requests += 1;
    if (context.draining) request.keepAlive = false;
    if (head.isConnect) return this.reject(405, 'CONNECT is not for servers.');
    if (request.wantsUpgrade && !request.body.done) {
      return this.reject(400, 'An Upgrade request cannot have a body.');
    }
    this.terms.read(request.bytes, head, this.socket);
    this.admit();
  }

  private admit(): void {
    const { admission } = this.context;
    const unasked = this.terms.withoutAsking();
    if (unasked !== null) return this.answerLocally(unasked);
    this.state = HELD;
    admission.admit(this, this.terms.admission);
    if (this.state !== HELD) return;
    const page = this.terms.whileHeld();
    if (page === null) return this.updateReading();
    admission.withdraw(this);
    this.answerLocally(page);
  }

  // What the gate says.

  granted(slot: Slot): void {
    this.state = EXCHANGING;
    this.exchange ??= new Exchange(this);
    this.exchange.open(slot);
  }

  refused(why: Refused): void {
    this.answerLocally(this.terms.refused(why));
  }

  describe(): Visitor {
    return this.request.describe(remoteEnd(this.socket), this.context.portName);
  }

  // What the exchange says.

  /** Nothing was sent, so it is always lawful to try again, here or elsewhere. */
  dialRefused(slot: Slot): void {
    this.state = HELD;
    this.context.admission.redial(this, slot);
  }

  exchangeDone(): void {
    this.nextOrClose();
  }

  notifyFlushed(): void {
    this.unsentSince = this.context.sweeper.tick;
    this.socket.write(NOTHING, this.flushed);
  }

  private onFlushed(): void {
    if (this.state === FLUSHING) this.nextOrClose();
    else this.exchange?.clientFlushed();
  }

  // Answers of Drowse's own, and the end.

  reject(status: number, fault: string): void {
    this.context.admission.counters.refused['bad-request'] += 1;
    this.request.keepAlive = false;
    this.answerLocally(faultAnswer(this.context.appName, status, fault));
  }

  answerLocally(answer: LocalAnswer): void {
    const { request, socket } = this;
    request.keepAlive &&= request.skipBody(this.store);
    const bytes = serialiseAnswer(answer, request.isHead, request.keepAlive);
    const { counters } = this.context.admission;
    countResponse(counters, answer.status);
    counters.bytesOut += bytes.length;
    socket.write(bytes);
    if (!request.keepAlive || socket.writableLength === 0) return this.nextOrClose();
    this.state = FLUSHING;
    this.notifyFlushed();
    this.updateReading();
  }

  private nextOrClose(): void {
    if (this.state === CLOSED) return;
    const { request } = this;
    request.settle();
    const more = !this.halfClosed || this.store.length > 0;
    if (!request.keepAlive || !request.body.done || this.context.draining || !more) {
      return this.closeGracefully();
    }
    this.state = AWAITING_HEAD;
    this.heads.await();
    this.updateReading();
    this.drive();
  }

  closeGracefully(): void {
    if (this.state === CLOSED) return;
    this.state = CLOSED;
    this.store.clear();
    new LingeringClose(this.socket, this.context).begin();
    this.context.quit(this);
  }

  cut(): void {
    this.socket.destroy();
    this.onClose();
  }

  drain(): void {
    if (this.state === AWAITING_HEAD && this.store.length === 0) this.closeGracefully();
    else this.request.keepAlive = false;
  }

  destroy(): void {
    this.cut();
  }

  // Flow control and time-outs.

  updateReading(): void {
    const paused = !this.wantsBytes();
    if (paused === this.paused) return;
    this.paused = paused;
    if (paused) this.socket.pause();
    else this.socket.resume();
  }

  private wantsBytes(): boolean {
    if (this.state === EXCHANGING) return this.exchange?.wantsBytes ?? true;
    if (this.state === HELD) return this.store.length < heldBytesLimit;
    return this.state !== FLUSHING;
  }

  sweep(tick: number): void {
    if (this.state === AWAITING_HEAD) this.sweepHead(tick);
    else if (this.state === EXCHANGING) this.exchange?.sweep(tick, this.unsentSince);
    else if (this.state === FLUSHING && tick - this.unsentSince > this.context.bodyIdleTicks) this.cut();
  }

  private sweepHead(tick: number): void {
    if (!this.heads.isOverdue(tick)) return;
    if (this.heads.hasBegun) this.reject(408, 'The head of the request did not arrive in time.');
    else this.closeGracefully();
  }
}
