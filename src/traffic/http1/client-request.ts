import type { Visitor } from '../../core/visitor.ts';
import { BodyFraming } from './body.ts';
import type { ByteStore } from './byte-store.ts';
import { fieldValue } from './field-value.ts';
import { Head } from './head.ts';
import { requestMethod, requestPath } from './no-wake.ts';
import { parseRequest } from './request-head.ts';

const EMPTY = Buffer.alloc(0);
/** Up to here the piece in which a head came is kept as it is after the request; of a larger one the head is copied out, to let the rest go. */
const MAX_KEPT_BYTES = 8 * 1024;
/** What is shown of a request target or user agent. */
const MAX_SHOWN_CHARACTERS = 256;

/** One parsed head for the whole process. */
const HEAD = new Head();
const last: { parsed: ClientRequest | null } = { parsed: null };

/**
 * The request that a connection carries, or carried last. Its head is kept as the bytes that were received, which may be parsed again at any time: when the
 * request is let go ahead, when it may be sent again, and for `why`, which may ask until the next one begins.
 */
export class ClientRequest {
  /** Monotonic milliseconds. */
  sinceMs = 0;
  isHead = false;
  http10 = false;
  /** To another protocol than HTTP/2 without TLS, which is never passed on. */
  wantsUpgrade = false;
  /** May lawfully be sent again: idempotent and without a body. */
  resendable = false;
  /** Whether the connection outlives this request. Only ever turned off: by the client, by framing, by an early answer. */
  keepAlive = true;
  /** Where the body ends. */
  readonly body = new BodyFraming(false);
  bytes: Buffer = EMPTY;
  private start = 0;
  private end = 0;

  /** Parses the next head in [start, end): as `parseRequest`. On success it replaces the one that was kept. */
  parse(bytes: Buffer, start: number, end: number): number {
    last.parsed = null;
    const past = parseRequest(bytes, start, end, HEAD);
    if (past < 0) return past;
    last.parsed = this;
    this.bytes = bytes;
    this.start = start;
    this.end = past;
    return past;
  }

  /** Takes in what the head says of the exchange. */
  begin(nowMs: number): Head {
    const head = this.head();
    this.sinceMs = nowMs;
    this.isHead = head.isHead;
    this.http10 = head.minor === 0;
    this.wantsUpgrade = head.connectionUpgrade && head.upgradeEnd !== 0 && !head.upgradeIsH2c && !this.http10;
    // A tunnel that does not come about leaves two ends that may disagree about what comes next on the connection.
    this.keepAlive = !this.http10 && !head.close && !this.wantsUpgrade;
    if (head.chunked) this.body.chunked();
    else this.body.length(Math.max(0, head.contentLength));
    this.resendable = head.idempotent && this.body.done;
    return head;
  }

  /** The parsed head: valid until another connection parses one, so for the length of one call. */
  head(): Head {
    if (last.parsed !== this) this.parse(this.bytes, this.start, this.end);
    return HEAD;
  }

  /** Whether the connection can go on after an answer that left the body unused: only if all of it is here. */
  skipBody(store: ByteStore): boolean {
    const { body } = this;
    if (body.done) return true;
    const past = body.advance(store.bytes, store.start, store.end);
    if (past < 0) return false;
    store.consumeTo(past);
    return body.done;
  }

  /** Why the last `parse` has refused. */
  get fault(): string {
    return HEAD.fault;
  }

  /** The request is over: keeps no more than its head. What comes next may be no request at all, and is then answered with a body. */
  settle(): void {
    this.isHead = false;
    if (this.bytes.length <= MAX_KEPT_BYTES) return;
    this.bytes = Buffer.from(this.bytes.subarray(this.start, this.end));
    this.end -= this.start;
    this.start = 0;
    if (last.parsed === this) last.parsed = null;
  }

  /** Without the query of the target: that is where keys and tokens are, and this goes into the journal. */
  describe(client: string, port: string): Visitor {
    const visitor: Visitor = { client, protocol: 'http', port, sinceMs: this.sinceMs };
    if (this.end === 0) return visitor;
    const head = this.head();
    const userAgent = fieldValue(this.bytes, head, 'user-agent');
    return {
      ...visitor,
      method: requestMethod(this.bytes, head),
      path: requestPath(this.bytes, head).slice(0, MAX_SHOWN_CHARACTERS),
      ...(userAgent === null ? {} : { userAgent: userAgent.slice(0, MAX_SHOWN_CHARACTERS) }),
    };
  }
}
