import { ByteStore } from './byte-store.ts';
import { LF } from './tables.ts';

const MAX_RESPONSE_HEAD_BYTES = 64 * 1024;

/** The beginning of a response head that comes in pieces. */
export class PartialHead {
  private readonly store = new ByteStore();

  get isEmpty(): boolean {
    return this.store.length === 0;
  }

  /** Keeps the beginning of a head; false where it is too large to be one. */
  keep(bytes: Buffer, start: number, end: number): boolean {
    if (end - start >= MAX_RESPONSE_HEAD_BYTES) return false;
    // A copy, because the next read goes into the same buffer.
    this.store.append(Buffer.from(bytes.subarray(start, end)), 0, end - start);
    return true;
  }

  /** The next piece. True when it is worth parsing: a head can only end, or turn out wrong in a way that matters, with a line. */
  add(bytes: Buffer, start: number, end: number): boolean {
    const mayBeWhole = bytes.subarray(start, end).includes(LF);
    this.store.append(bytes, start, end);
    return mayBeWhole || this.store.length >= MAX_RESPONSE_HEAD_BYTES;
  }

  /** Everything, once; nothing is kept. */
  take(): Buffer {
    const all = this.store.bytes.subarray(this.store.start, this.store.end);
    this.store.clear();
    return all;
  }

  clear(): void {
    this.store.clear();
  }
}
