import type { Head } from './head.ts';
import { latin1 } from './head.ts';
import { COMMA, DIGIT_1, SPACE } from './tables.ts';
import { RESPONSE_MINOR_OFFSET } from './response-head.ts';

const FORWARDED_FOR = latin1('X-Forwarded-For: ');
const FORWARDED_PROTO = latin1('\r\nX-Forwarded-Proto: ');
const FORWARDED_HOST = latin1('\r\nX-Forwarded-Host: ');
const END_OF_LINE = latin1('\r\n');
const CONNECTION_UPGRADE = latin1('Connection: upgrade\r\n');
const CONNECTION_CLOSE = latin1('Connection: close\r\n');

/** All that Drowse writes itself into a head, apart from what it takes from the head and the address. */
const ADDED_BYTES = 160;
/** Below this a loop is faster than a call into `copy`. */
const SHORT_COPY_BYTES = 48;

/** Room that `writeRequestHead` needs at most. */
export function requestHeadBound(head: Head, address: Uint8Array): number {
  return (
    head.end -
    head.start +
    address.length +
    (head.hostEnd - head.hostStart) +
    upgradeLength(head) +
    ADDED_BYTES
  );
}

/**
 * Writes the head as it goes on to the app: what came, without the fields of the client's connection, with X-Forwarded-For (the client's address appended),
 * X-Forwarded-Proto and X-Forwarded-Host (said by Drowse alone). Returns the offset past it.
 */
export function writeRequestHead(
  head: Head,
  from: Buffer,
  to: Buffer,
  address: Uint8Array,
  proto: Uint8Array,
  upgrade: boolean,
): number {
  let at = copyKept(head, from, head.start, head.end - 2, to, 0);
  at = put(FORWARDED_FOR, to, at);
  for (let i = 0; i < head.forwardedForCount * 2; i += 2) {
    at = copy(from, head.forwardedFor[i]!, head.forwardedFor[i + 1]!, to, at);
    to[at++] = COMMA;
    to[at++] = SPACE;
  }
  at = put(address, to, at);
  at = put(FORWARDED_PROTO, to, at);
  at = put(proto, to, at);
  if (head.hostEnd > head.hostStart) {
    at = put(FORWARDED_HOST, to, at);
    at = copy(from, head.hostStart, head.hostEnd, to, at);
  }
  at = put(END_OF_LINE, to, at);
  if (upgrade) at = putUpgrade(head, from, to, at);
  return put(END_OF_LINE, to, at);
}

/**
 * Takes the fields of the app's connection out of a response head, in place, by moving what stays towards the body. Returns the new start of the head, so that
 * head and body remain one stretch and go out in one write.
 */
export function squeezeResponseHead(head: Head, bytes: Buffer): number {
  bytes[head.start + RESPONSE_MINOR_OFFSET] = DIGIT_1;
  let keptEnd = head.end - 2;
  let to = keptEnd;
  for (let i = head.strippedCount * 2 - 2; i >= 0; i -= 2) {
    const gapStart = head.stripped[i]!;
    const gapEnd = head.stripped[i + 1]!;
    to = moveBack(bytes, gapEnd, keptEnd, to);
    keptEnd = gapStart;
  }
  return moveBack(bytes, head.start, keptEnd, to);
}

/** As `squeezeResponseHead`, for the last response of a connection, which says so: a copy, with `spare` bytes of room behind it. */
export function copyClosingHead(head: Head, from: Buffer, spare: number): { bytes: Buffer; end: number } {
  const to = Buffer.allocUnsafe(head.end - head.start + ADDED_BYTES + spare);
  let at = copyKept(head, from, head.start, head.end - 2, to, 0);
  to[RESPONSE_MINOR_OFFSET] = DIGIT_1;
  at = put(END_OF_LINE, to, put(CONNECTION_CLOSE, to, at));
  return { bytes: to, end: at };
}

function upgradeLength(head: Head): number {
  return head.upgradeEnd - head.upgradeStart;
}

function putUpgrade(head: Head, from: Buffer, to: Buffer, offset: number): number {
  return copy(from, head.upgradeStart, head.upgradeEnd, to, put(CONNECTION_UPGRADE, to, offset));
}

function copyKept(head: Head, from: Buffer, start: number, end: number, to: Buffer, offset: number): number {
  let at = offset;
  let kept = start;
  for (let i = 0; i < head.strippedCount * 2; i += 2) {
    at = copy(from, kept, head.stripped[i]!, to, at);
    kept = head.stripped[i + 1]!;
  }
  return copy(from, kept, end, to, at);
}

/** Moves [start, end) so that it ends at `to`; returns where it begins then. */
function moveBack(bytes: Buffer, start: number, end: number, to: number): number {
  const target = to - (end - start);
  if (target !== start) bytes.copyWithin(target, start, end);
  return target;
}

function put(from: Uint8Array, to: Buffer, offset: number): number {
  for (let i = 0; i < from.length; i++) to[offset + i] = from[i]!;
  return offset + from.length;
}

function copy(from: Buffer, start: number, end: number, to: Buffer, offset: number): number {
  if (end - start >= SHORT_COPY_BYTES) {
    from.copy(to, offset, start, end);
    return offset + end - start;
  }
  let at = offset;
  for (let i = start; i < end; i++) to[at++] = from[i]!;
  return at;
}
