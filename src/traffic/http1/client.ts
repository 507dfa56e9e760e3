import type { Socket } from 'node:net';
import type { NoWakeAnswer } from '../../core/app.ts';
import type { Visitor } from '../../core/visitor.ts';
import { heldBytesLimit } from '../held-bytes.ts';
import type { Seat } from '../seat.ts';
import type { AdmitOptions } from '../admission.ts';
import type { Refused } from '../refusals.ts';
import type { Slot } from '../slot.ts';
import type { LocalAnswer } from './answers.ts';
import { faultAnswer, noWakeAnswer, refusalAnswer, serialiseAnswer } from './answers.ts';
import { ByteStore } from './byte-store.ts';
import { ClientRequest } from './client-request.ts';
import type { SocketOwner } from './client-socket.ts';
import { ownSocket, remoteAddress, remoteEnd } from './client-socket.ts';
import type { HttpContext, Member } from './context.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner } from './exchange-owner.ts';
import { INCOMPLETE } from './head.ts';
import { LF } from './tables.ts';
import { isNavigation, refusalPage, waitingPage } from './waiting-page.ts';

/** Waits for the next head. */
const AWAITING_HEAD = 0;
/** The gate has not let the request go ahead. */
const HELD = 1;
/** It has: the exchange with the app is under way. */
const EXCHANGING = 2;
/** An answer of Drowse's own has to leave before the next request is read. */
const FLUSHING = 3;
/** The last answer is out; what the client still sends is read and dropped until it closes. */
const CLOSING = 4;
const CLOSED = 5;

const COUNTED: AdmitOptions = { counts: true };
const NOT_COUNTED: AdmitOptions = { counts: false };
/** What the gate answers to a use that must not wake the app. */
const NOT_AWAKE = 'not-awake';
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
  /** Sweep tick from which the time-out of the present state runs. */
  private since: number;
  /** Sweep tick since when something written has not left, where anybody waits for that. */
  private unsentSince = 0;
  /** The answer, if this request must not wake the app. */
  private noWake: NoWakeAnswer | null = null;
  /** A person waits for a page. */
  private navigation = false;
  /** Carried a request before. */
  private served = false;
  private paused = false;
  private driving = false;
  private readonly flushed = (): void => this.onFlushed();

  constructor(socket: Socket, context: HttpContext) {
    this.socket = socket;
    this.context = context;
    this.since = context.sweeper.tick;
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
    if (this.state === AWAITING_HEAD) this.collectHead(chunk);
    else if (this.state === EXCHANGING) this.exchange?.onData(chunk);
    else if (this.state < CLOSING) {
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
      this.begin();
      return true;
    }
    if (past !== INCOMPLETE) this.reject(-past, request.fault);
    else if (store.length >= context.maxHeadBytes) this.reject(431, 'The head of the request is too large.');
    else if (this.halfClosed) this.closeGracefully();
    return false;
  }

  private begin(): void {
    const { context, request } = this;
    const head = request.begin(context.clock.monoMs());
    context.admission.counters.requests += 1;
    this.served = true;
    if (context.draining) request.keepAlive = false;
    if (head.isConnect) return this.reject(405, 'CONNECT is not for servers.');
    if (request.wantsUpgrade && !request.body.done) {
      return this.reject(400, 'An Upgrade request cannot have a body.');
    }
    const rules = context.noWake;
    this.noWake = rules.empty ? null : rules.match(request.bytes, head, remoteAddress(this.socket));
    this.navigation = context.waitingPage && this.noWake === null && isNavigation(request.bytes, head);
    this.admit();
  }

  private admit(): void {
    const { context, noWake } = this;
    if (noWake !== null && !context.isAwake()) return this.answerNoWake(noWake);
    this.state = HELD;
    context.admission.admit(this, noWake === null ? COUNTED : NOT_COUNTED);
    if (this.state !== HELD) return;
    if (this.navigation && !context.isAwake()) this.showWaitingPage();
    else this.updateReading();
  }

  private answerNoWake(answer: NoWakeAnswer): void {
    this.context.admission.counters.noWake += 1;
    this.answerLocally(noWakeAnswer(answer, this.context.stateName()));
  }

  /** The demand was delivered when the gate held this request; the page itself asks again until the app answers, so nobody has to be held. */
  private showWaitingPage(): void {
    this.context.admission.withdraw(this);
    this.answerLocally(waitingPage(this.context.appName));
  }

  // What the gate says.

  granted(slot: Slot): void {
    this.state = EXCHANGING;
    this.exchange ??= new Exchange(this);
    this.exchange.open(slot);
  }

  refused(why: Refused): void {
    if (this.noWake !== null && why.code === NOT_AWAKE) return this.answerNoWake(this.noWake);
    const app = this.context.appName;
    this.answerLocally(this.navigation ? refusalPage(app, why) : refusalAnswer(app, why));
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

  countResponse(status: number): void {
    const { responses } = this.context.admission.counters;
    const hundreds = Math.min(5, Math.floor(status / 100));
    responses[hundreds] = (responses[hundreds] ?? 0) + 1;
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
    request.keepAlive = request.keepAlive && this.skipBody();
    const bytes = serialiseAnswer(answer, request.isHead, request.keepAlive);
    this.countResponse(answer.status);
    this.context.admission.counters.bytesOut += bytes.length;
    socket.write(bytes);
    if (!request.keepAlive || socket.writableLength === 0) return this.nextOrClose();
    this.state = FLUSHING;
    this.notifyFlushed();
    this.updateReading();
  }

  /** Whether the connection can go on after an answer that left the body unused: only if all of it is here. */
  private skipBody(): boolean {
    const { store } = this;
    const { body } = this.request;
    if (body.done) return true;
    const past = body.advance(store.bytes, store.start, store.end);
    if (past < 0) return false;
    store.consumeTo(past);
    return body.done;
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
    this.since = this.context.sweeper.tick;
    this.updateReading();
    this.drive();
  }

  /** Sends FIN behind the last answer, and reads on for a while, so that the client gets that answer rather than a reset. */
  closeGracefully(): void {
    if (this.state === CLOSED) return;
    this.state = CLOSING;
    this.since = this.context.sweeper.tick;
    this.store.clear();
    this.socket.end();
    this.updateReading();
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
    const { context } = this;
    if (this.state === AWAITING_HEAD) this.sweepHead(tick - this.since);
    else if (this.state === EXCHANGING) this.exchange?.sweep(tick, this.unsentSince);
    else if (this.state === CLOSING) this.sweepClosing(tick - this.since);
    else if (this.state === FLUSHING && tick - this.unsentSince > context.bodyIdleTicks) this.cut();
  }

  private sweepHead(age: number): void {
    const begun = this.store.length > 0;
    const { idleTicks, headTicks } = this.context;
    if (age <= (begun || !this.served ? headTicks : idleTicks)) return;
    if (begun) this.reject(408, 'The head of the request did not arrive in time.');
    else this.closeGracefully();
  }

  private sweepClosing(age: number): void {
    const { lingerTicks, bodyIdleTicks } = this.context;
    if (age > (this.socket.writableLength === 0 ? lingerTicks : bodyIdleTicks)) this.cut();
  }
}
