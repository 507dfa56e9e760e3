import { ByteStore } from './http1/byte-store.ts';

/** What may be kept of one connection that is held: enough for any first request, and a bound on memory (I6). Checked after each read, so that one read may go over it. */
export const heldBytesLimit = 64 * 1024;

/** The bytes that a client sent while it was held, in order. However small the pieces are in which they came, they cost little more than their number. */
export class HeldBytes {
  private readonly store = new ByteStore();

  get length(): number {
    return this.store.length;
  }

  /** False when the limit has been reached: the socket is not to be read further. */
  add(chunk: Buffer): boolean {
    // A copy of the first: most connections send no more than that, and a buffer that is shared with others is smaller than one of its own.
    const piece = this.store.length === 0 ? Buffer.from(chunk) : chunk;
    this.store.append(piece, 0, piece.length);
    return this.store.length < heldBytesLimit;
  }

  /** Everything, once; nothing is kept. */
  take(): Buffer {
    const all = this.peek();
    this.store.clear();
    return all;
  }

  peek(): Buffer {
    return this.store.bytes.subarray(this.store.start, this.store.end);
  }
}
