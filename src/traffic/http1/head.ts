/** A head that has not ended yet: more bytes are needed. Other negative results are an HTTP status with its sign turned: -400 and so on. */
export const INCOMPLETE = -1;

/** More field lines than this are refused: nobody sends them in earnest, and each costs work in every hop. */
export const MAX_FIELD_LINES = 128;
const MAX_STRIPPED = 32;

/**
 * What one pass over a request or response head has found: offsets into the received bytes, not copies of them. One object is used again for all heads of a
 * process; whoever needs it later parses again (a microsecond) instead of keeping one per connection.
 */
export class Head {
  /** Of the start line; one empty line before it is skipped (RFC 9112 section 2.2). */
  start = 0;
  /** Past the empty line that ends the head. */
  end = 0;
  /** Minor version: 0 or 1. */
  minor = 1;
  /** Of a response. */
  status = 0;
  /** -1 where there was no Content-Length. */
  contentLength = -1;
  chunked = false;
  /** `Connection: close` was there. */
  close = false;
  /** `Connection: upgrade` was there. */
  connectionUpgrade = false;
  isHead = false;
  isGet = false;
  isConnect = false;
  isOptions = false;
  /** The method may lawfully be sent again (RFC 9110 section 9.2.2). */
  idempotent = false;
  methodEnd = 0;
  /** Request target as received; in absolute form the path begins later. */
  targetStart = 0;
  pathStart = 0;
  targetEnd = 0;
  /** Where the authority of a target in absolute form lies; both 0 without one. */
  authorityStart = 0;
  authorityEnd = 0;
  hostSeen = false;
  hostStart = 0;
  hostEnd = 0;
  /** The `Upgrade` line, with its CRLF; both 0 without one. */
  upgradeStart = 0;
  upgradeEnd = 0;
  /** The value is or lists HTTP/2 without TLS, which is never passed on. */
  upgradeIsH2c = false;
  /** Pairs of offsets, ascending: what is left out when the head goes on. */
  readonly stripped = new Int32Array(MAX_STRIPPED * 2);
  strippedCount = 0;
  /** Pairs of offsets: values of X-Forwarded-For. */
  readonly forwardedFor = new Int32Array(MAX_STRIPPED * 2);
  forwardedForCount = 0;
  /** Lower-case names of further fields that `Connection` declares to be hop-by-hop. */
  nominated: string[] | null = null;
  /** Why the head was refused, as a sentence for a person. */
  fault = '';

  reset(): void {
    this.status = 0;
    this.contentLength = -1;
    this.chunked = false;
    this.close = false;
    this.connectionUpgrade = false;
    this.authorityStart = 0;
    this.authorityEnd = 0;
    this.hostSeen = false;
    this.hostStart = 0;
    this.hostEnd = 0;
    this.upgradeStart = 0;
    this.upgradeEnd = 0;
    this.upgradeIsH2c = false;
    this.strippedCount = 0;
    this.forwardedForCount = 0;
    this.nominated = null;
  }

  refuse(status: number, fault: string): number {
    this.fault = fault;
    return -status;
  }

  /** Leaves [start, end) out of the head that goes on; false when there is no room for one more. */
  strip(start: number, end: number): boolean {
    if (this.strippedCount >= MAX_STRIPPED) return false;
    const at = this.strippedCount * 2;
    this.stripped[at] = start;
    this.stripped[at + 1] = end;
    this.strippedCount++;
    return true;
  }

  addForwardedFor(start: number, end: number): boolean {
    if (this.forwardedForCount >= MAX_STRIPPED) return false;
    const at = this.forwardedForCount * 2;
    this.forwardedFor[at] = start;
    this.forwardedFor[at + 1] = end;
    this.forwardedForCount++;
    return true;
  }

  /** Lines named by `Connection` are found last: brings all pairs into the order in which they stand in the head. */
  sortStripped(): void {
    const pairs: [number, number][] = [];
    for (let at = 0; at < this.strippedCount * 2; at += 2) {
      pairs.push([this.stripped[at]!, this.stripped[at + 1]!]);
    }
    pairs.sort((one, other) => one[0] - other[0]);
    this.stripped.set(pairs.flat());
  }

  strips(start: number): boolean {
    for (let at = 0; at < this.strippedCount * 2; at += 2) {
      if (this.stripped[at] === start) return true;
    }
    return false;
  }
}

/** Whether the bytes at `start` spell `name` (lower case), whatever their case. Among token and value bytes only letters differ in that bit alone. */
export function spells(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) {
    if ((bytes[start + i]! | 0x20) !== name[i]) return false;
  }
  return true;
}

/** Whether the bytes at `start` are exactly these. */
export function matches(bytes: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) {
    if (bytes[start + i] !== expected[i]) return false;
  }
  return true;
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
