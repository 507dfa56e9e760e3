import { COLON, CR, hexValues, LF, SEMICOLON, tokenBytes, valueBytes } from './tables.ts';

const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILER_START = 6;
const TRAILER_NAME = 7;
const TRAILER_VALUE = 8;
const TRAILER_LF = 9;
const LAST_LF = 10;

/** 12 hexadecimal digits stay below 2^53, so that the size is exact. */
const MAX_SIZE_DIGITS = 12;
const MAX_EXTENSION_BYTES = 256;
const MAX_TRAILER_BYTES = 8192;

/**
 * Finds the end of a chunked body (RFC 9112 section 7.1) and checks its framing on the way, in pieces of any size. The bytes themselves go on as they came.
 * Extensions are refused in requests: nobody needs them, and readers disagree about where they end.
 */
export class ChunkedWalker {
  done = false;
  private state = SIZE;
  private remaining = 0;
  private digits = 0;
  private extra = 0;
  private readonly extensionsAllowed: boolean;

  constructor(extensionsAllowed: boolean) {
    this.extensionsAllowed = extensionsAllowed;
  }

  reset(): void {
    this.done = false;
    this.state = SIZE;
    this.remaining = 0;
    this.digits = 0;
    this.extra = 0;
  }

  /** Index past the last byte in [start, end) that belongs to the body; -1 where the framing is broken. */
  advance(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.done) {
      if (this.state === DATA) at = this.skipData(at, end);
      else if (this.accepts(bytes[at]!)) at++;
      else return -1;
    }
    return at;
  }

  private skipData(at: number, end: number): number {
    const taken = Math.min(end - at, this.remaining);
    this.remaining -= taken;
    if (this.remaining === 0) this.state = DATA_CR;
    return at + taken;
  }

  private accepts(byte: number): boolean {
    switch (this.state) {
      case SIZE:
        return this.sizeByte(byte);
      case EXTENSION:
        if (byte === CR) return this.become(SIZE_LF);
        return valueBytes[byte] === 1 && ++this.extra <= MAX_EXTENSION_BYTES;
      case SIZE_LF:
        return byte === LF && this.sizeKnown();
      case DATA_CR:
        return byte === CR && this.become(DATA_LF);
      case DATA_LF:
        return byte === LF && this.become(SIZE);
      case LAST_LF:
        this.done = byte === LF;
        return this.done;
      default:
        return this.trailerByte(byte);
    }
  }

  private sizeByte(byte: number): boolean {
    const value = hexValues[byte]!;
    if (value >= 0) {
      this.remaining = this.remaining * 16 + value;
      return ++this.digits <= MAX_SIZE_DIGITS;
    }
    if (this.digits === 0) return false;
    if (byte === CR) return this.become(SIZE_LF);
    return byte === SEMICOLON && this.extensionsAllowed && this.become(EXTENSION);
  }

  private sizeKnown(): boolean {
    this.digits = 0;
    this.extra = 0;
    return this.become(this.remaining === 0 ? TRAILER_START : DATA);
  }

  private trailerByte(byte: number): boolean {
    if (this.state === TRAILER_LF) return byte === LF && this.become(TRAILER_START);
    if (this.state === TRAILER_START && byte === CR) return this.become(LAST_LF);
    if (++this.extra > MAX_TRAILER_BYTES) return false;
    if (this.state === TRAILER_VALUE) {
      return byte === CR ? this.become(TRAILER_LF) : valueBytes[byte] === 1;
    }
    if (byte === COLON) return this.state === TRAILER_NAME && this.become(TRAILER_VALUE);
    return tokenBytes[byte] === 1 && this.become(TRAILER_NAME);
  }

  private become(state: number): true {
    this.state = state;
    return true;
  }
}
