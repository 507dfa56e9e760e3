import { ChunkedWalker } from './chunked.ts';

const LENGTH = 0;
const CHUNKED = 1;
const UNTIL_CLOSE = 2;

/** Where the body of one message ends. One object per connection, set anew for each message. */
export class BodyFraming {
  /** The whole body has been seen. Never true by itself for a body that ends with the connection. */
  done = true;
  private kind = LENGTH;
  private remaining = 0;
  private walker: ChunkedWalker | null = null;
  private readonly extensionsAllowed: boolean;

  constructor(extensionsAllowed: boolean) {
    this.extensionsAllowed = extensionsAllowed;
  }

  get endsWithConnection(): boolean {
    return this.kind === UNTIL_CLOSE;
  }

  length(bytes: number): void {
    this.kind = LENGTH;
    this.remaining = bytes;
    this.done = bytes === 0;
  }

  chunked(): void {
    this.kind = CHUNKED;
    this.done = false;
    if (this.walker === null) this.walker = new ChunkedWalker(this.extensionsAllowed);
    else this.walker.reset();
  }

  untilClose(): void {
    this.kind = UNTIL_CLOSE;
    this.done = false;
  }

  /** Index past the last byte in [start, end) that belongs to the body; -1 where its framing is broken. */
  advance(bytes: Uint8Array, start: number, end: number): number {
    if (this.kind === LENGTH) return this.advanceLength(start, end);
    if (this.kind === UNTIL_CLOSE) return end;
    const walker = this.walker!;
    const past = walker.advance(bytes, start, end);
    this.done = walker.done;
    return past;
  }

  private advanceLength(start: number, end: number): number {
    const taken = Math.min(end - start, this.remaining);
    this.remaining -= taken;
    this.done = this.remaining === 0;
    return start + taken;
  }
}
