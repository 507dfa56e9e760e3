/** What may be kept of one connection that is held: enough for any first request, and a bound on memory (I6). */
export const heldBytesLimit = 64 * 1024;

const empty = Buffer.alloc(0);

/** The bytes that a client sent while it was held, in order. */
export class HeldBytes {
  length = 0;
  private first: Buffer | null = null;
  private more: Buffer[] | null = null;

  /** False when the limit has been reached: the socket is not to be read further. */
  add(chunk: Buffer): boolean {
    this.length += chunk.length;
    // A copy: the chunk may be a small part of a large slab, which would be kept with it.
    const kept = Buffer.from(chunk);
    if (this.first === null) this.first = kept;
    else (this.more ??= []).push(kept);
    return this.length < heldBytesLimit;
  }

  /** Everything, once; nothing is kept. */
  take(): Buffer {
    const all = this.peek();
    this.first = null;
    this.more = null;
    this.length = 0;
    return all;
  }

  peek(): Buffer {
    if (this.more !== null) {
      this.first = Buffer.concat([this.first ?? empty, ...this.more]);
      this.more = null;
    }
    return this.first ?? empty;
  }
}
