import { BodyFraming } from './body.ts';
import { Head, INCOMPLETE } from './head.ts';
import { PartialHead } from './partial-head.ts';
import type { RelayTarget } from './relay-target.ts';
import { frameResponse, isReusable } from './response-framing.ts';
import { parseResponse } from './response-head.ts';
import { writeFinalHead } from './response-writer.ts';
import { squeezeResponseHead } from './rewrite.ts';
import type { Upstream } from './upstream.ts';

const AWAITING_HEAD = 0;
const BODY = 1;
const OVER = 2;

/** Shared by all connections: nothing of it is needed once the head has been rewritten. */
const HEAD = new Head();

/** Passes one response at a time from the app to the client, as it arrives. One object per client connection. */
export class ResponseRelay {
  /** Some bytes of the answer have come, so the request must not be sent again. */
  begun = false;
  private state = OVER;
  private reusable = false;
  /** All of the response was written; only the flush is missing. */
  private finishing = false;
  private waitingForFlush = false;
  private upstreamGone = false;
  private upstream: Upstream | null = null;
  private readonly target: RelayTarget;
  private readonly framing = new BodyFraming(true);
  /** The beginning of a head that came in pieces. */
  private readonly partial = new PartialHead();

  constructor(target: RelayTarget) {
    this.target = target;
  }

  /** The client does not read what is written to it. */
  get stalled(): boolean {
    return this.waitingForFlush;
  }

  get headSent(): boolean {
    return this.state === BODY;
  }

  begin(upstream: Upstream): void {
    this.upstream = upstream;
    this.state = AWAITING_HEAD;
    this.begun = false;
    this.finishing = false;
    this.waitingForFlush = false;
    this.upstreamGone = false;
    this.partial.clear();
  }

  stop(): void {
    this.state = OVER;
    this.upstream = null;
    this.waitingForFlush = false;
    this.finishing = false;
    this.partial.clear();
  }

  received(bytes: Buffer, start: number, end: number): void {
    this.begun = true;
    if (this.state === AWAITING_HEAD) this.headBytes(bytes, start, end);
    else if (this.state === BODY) this.bodyBytes(bytes, start, end);
  }

  /** The app has closed its side (FIN). */
  ended(): void {
    if (this.finishing) this.reusable = false;
    else if (this.state === BODY && this.framing.endsWithConnection) this.finishWhenFlushed();
    else this.broken(false);
  }

  /** The connection to the app is gone. */
  closed(failed: boolean): void {
    this.upstreamGone = true;
    if (this.finishing) this.reusable = false;
    else this.broken(failed);
  }

  /** All that was written to the client has left. */
  flushed(): void {
    if (!this.waitingForFlush) return;
    this.waitingForFlush = false;
    if (this.finishing) this.finish();
    else if (!this.upstreamGone) this.upstream?.resume();
  }

  private headBytes(bytes: Buffer, start: number, end: number): void {
    const { partial } = this;
    if (partial.isEmpty) return this.headIn(bytes, start, end);
    if (!partial.add(bytes, start, end)) return;
    const whole = partial.take();
    this.headIn(whole, 0, whole.length);
  }

  private headIn(bytes: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const past = parseResponse(bytes, at, end, HEAD);
      if (past === INCOMPLETE) {
        if (this.partial.keep(bytes, at, end)) break;
        return this.target.responseFailed('The head of the answer is too large.');
      }
      if (past < 0) return this.target.responseFailed(HEAD.fault);
      if (HEAD.status >= 200 || HEAD.status === 101) return this.finalHead(bytes, past, end);
      this.interimHead(bytes, past);
      at = past;
    }
    this.afterWrite(false);
  }

  /** 100 and 103 are passed on, except to HTTP/1.0, which knows none. */
  private interimHead(bytes: Buffer, past: number): void {
    if (this.target.request.http10) return;
    this.target.answering(HEAD.status);
    const from = squeezeResponseHead(HEAD, bytes);
    // A copy: several may follow one another before the first has left.
    this.write(Buffer.from(bytes.subarray(from, past)));
  }

  private finalHead(bytes: Buffer, bodyStart: number, end: number): void {
    const { request } = this.target;
    const fault = frameResponse(HEAD, request, this.framing);
    if (fault !== null) return this.target.responseFailed(fault);
    if (HEAD.status === 101) return this.openTunnel(bytes, end);
    this.reusable = isReusable(HEAD, request, this.framing);
    this.state = BODY;
    const bodyEnd = this.framing.advance(bytes, bodyStart, end);
    if (bodyEnd < 0) return this.target.responseFailed('The body of the answer is not chunked as announced.');
    if (bodyEnd < end) this.reusable = false;
    if (!request.body.done) request.keepAlive = false;
    this.target.answering(HEAD.status);
    this.target.countOut(
      writeFinalHead(this.target.socket, HEAD, request.keepAlive, bytes, bodyStart, bodyEnd),
    );
    this.afterWrite(this.framing.done);
  }

  /** The head goes on as it came, like every byte after it; what has not left yet is looked after by whoever takes over. */
  private openTunnel(bytes: Buffer, end: number): void {
    this.target.answering(101);
    this.write(bytes.subarray(HEAD.start, end));
    this.stop();
    this.target.tunnelOpened();
  }

  private bodyBytes(bytes: Buffer, start: number, end: number): void {
    if (this.finishing) {
      this.reusable = false;
      return;
    }
    const bodyEnd = this.framing.advance(bytes, start, end);
    if (bodyEnd < 0) return this.target.responseCut(false);
    if (bodyEnd < end) this.reusable = false;
    if (bodyEnd > start) this.write(bytes.subarray(start, bodyEnd));
    this.afterWrite(this.framing.done);
  }

  private write(bytes: Buffer): void {
    this.target.countOut(bytes.length);
    this.target.socket.write(bytes);
  }

  /** What was written but has not left refers to the read buffer, so nothing may be read into that before. */
  private afterWrite(last: boolean): void {
    this.finishing = last;
    if (this.target.socket.writableLength !== 0) this.awaitFlush();
    else if (last) this.finish();
  }

  private awaitFlush(): void {
    if (this.waitingForFlush) return;
    this.waitingForFlush = true;
    this.upstream?.pause();
    this.target.notifyFlushed();
  }

  private finishWhenFlushed(): void {
    this.finishing = true;
    if (!this.waitingForFlush) this.finish();
  }

  private finish(): void {
    const { upstream, reusable } = this;
    this.stop();
    // It was paused for this flush, and is to notice when the app closes it.
    if (reusable) upstream?.resume();
    this.target.responseDone(reusable);
  }

  private broken(failed: boolean): void {
    if (this.state === AWAITING_HEAD)
      this.target.responseFailed('The app closed the connection before it answered.');
    else if (this.state !== OVER) this.target.responseCut(failed && this.framing.endsWithConnection);
  }
}
