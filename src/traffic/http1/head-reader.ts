import type { ByteStore } from './byte-store.ts';
import type { ClientRequest } from './client-request.ts';
import type { HttpContext } from './context.ts';
import { INCOMPLETE } from './head.ts';
import { LF } from './tables.ts';

/** Nothing there, or not enough of it. */
export const NO_HEAD = 0;
/** A request begins. */
export const NEXT_HEAD = 1;
/** What came is no request; `status` and `fault` say why. */
export const BAD_HEAD = 2;

/** Reads one request head after the other out of what a client sends, and watches how long that takes. */
export class HeadReader {
  /** Of the last bad head. */
  status = 0;
  fault = '';
  private readonly store: ByteStore;
  private readonly request: ClientRequest;
  private readonly context: HttpContext;
  /** Sweep tick from which the time of the next head runs. */
  private since: number;
  /** The connection has carried a request before. */
  private served = false;

  constructor(store: ByteStore, request: ClientRequest, context: HttpContext) {
    this.store = store;
    this.request = request;
    this.context = context;
    this.since = context.sweeper.tick;
  }

  get hasBegun(): boolean {
    return this.store.length > 0;
  }

  /** The next head is waited for from now on. */
  await(): void {
    this.since = this.context.sweeper.tick;
  }

  /** True when it is worth reading: a head can only end, or turn out wrong in a way that matters, with a line. */
  add(chunk: Buffer): boolean {
    const { store } = this;
    const first = store.length === 0;
    if (first) this.await();
    store.append(chunk, 0, chunk.length);
    return first || chunk.includes(LF) || store.length >= this.context.maxHeadBytes;
  }

  next(): number {
    const { store, request } = this;
    const { maxHeadBytes } = this.context;
    if (store.length === 0) return NO_HEAD;
    const past = request.parse(store.bytes, store.start, Math.min(store.end, store.start + maxHeadBytes));
    if (past >= 0) {
      store.consumeTo(past);
      this.served = true;
      return NEXT_HEAD;
    }
    if (past !== INCOMPLETE) return this.bad(-past, request.fault);
    return store.length < maxHeadBytes ? NO_HEAD : this.bad(431, 'The head of the request is too large.');
  }

  isOverdue(tick: number): boolean {
    const { idleTicks, headTicks } = this.context;
    return tick - this.since > (this.hasBegun || !this.served ? headTicks : idleTicks);
  }

  private bad(status: number, fault: string): number {
    this.status = status;
    this.fault = fault;
    return BAD_HEAD;
  }
}
