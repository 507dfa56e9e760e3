const EMPTY = Buffer.alloc(0);
const FIRST_CAPACITY_BYTES = 512;
/** Beyond this, room grows by what is needed and no more: whoever stores that much is about to stop reading. */
const LARGEST_SPARE_BYTES = 64 * 1024;

/**
 * Bytes received and not yet used, as one stretch: `bytes[start, end)`. The first piece is kept as it came, without a copy; only when a second one
 * follows are they copied together, into room that doubles, so that a client that sends byte by byte costs no more than linear time.
 */
export class ByteStore {
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** Whether `bytes` was allocated here and has room behind `end` that nobody else refers to. */
  private own = false;

  get length(): number {
    return this.end - this.start;
  }

  append(piece: Buffer, from: number, to: number): void {
    if (this.start === this.end) {
      this.adopt(piece, from, to);
      return;
    }
    const added = to - from;
    if (!this.own || this.end + added > this.bytes.length) this.grow(added);
    piece.copy(this.bytes, this.end, from, to);
    this.end += added;
  }

  /** Marks everything before `offset` as used. The bytes themselves stay where they are for as long as somebody refers to them. */
  consumeTo(offset: number): void {
    this.start = offset;
    if (offset === this.end) this.clear();
  }

  clear(): void {
    this.bytes = EMPTY;
    this.start = 0;
    this.end = 0;
    this.own = false;
  }

  private adopt(piece: Buffer, from: number, to: number): void {
    this.bytes = piece;
    this.start = from;
    this.end = to;
    this.own = false;
  }

  private grow(added: number): void {
    const length = this.length;
    const room = Buffer.allocUnsafeSlow(capacityFor(length + added));
    this.bytes.copy(room, 0, this.start, this.end);
    this.bytes = room;
    this.start = 0;
    this.end = length;
    this.own = true;
  }
}

function capacityFor(bytes: number): number {
  return Math.max(FIRST_CAPACITY_BYTES, bytes, Math.min(2 * bytes, LARGEST_SPARE_BYTES));
}
