import { connectionField, stripNominated } from './connection-field.ts';
import { INCOMPLETE, latin1, MAX_FIELD_LINES, spells } from './head.ts';
import type { Head } from './head.ts';
import { claimsOrigin } from './origin-claims.ts';
import { COLON, CR, DIGIT_0, hostBytes, LF, SPACE, TAB, tokenBytes, valueBytes } from './tables.ts';

const TE = latin1('te');
const HOST = latin1('host');
const EXPECT = latin1('expect');
const UPGRADE = latin1('upgrade');
const CONNECTION = latin1('connection');
const KEEP_ALIVE = latin1('keep-alive');
const CONTENT_LENGTH = latin1('content-length');
const FORWARDED_FOR = latin1('x-forwarded-for');
const PROXY_CONNECTION = latin1('proxy-connection');
const TRANSFER_ENCODING = latin1('transfer-encoding');
const PROXY_AUTHORIZATION = latin1('proxy-authorization');

const TRAILERS_VALUE = latin1('trailers');
const CONTINUE_VALUE = latin1('100-continue');
const CHUNKED_VALUE = latin1('chunked');
const H2C_VALUE = latin1('h2c');

/** More digits than this could not be counted exactly. */
const MAX_LENGTH_DIGITS = 15;
const TOO_MANY_SPECIAL = 'The head has too many forwarding or connection header fields.';

/**
 * Reads field lines from `start` up to and with the empty line that ends the head: the offset past it, INCOMPLETE, or a negative status. Every request fault
 * that is not named otherwise is a 400; `badStatus` is what it is for this kind of message.
 */
export function parseFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  head: Head,
  request: boolean,
  badStatus: number,
): number {
  let at = start;
  let lines = 0;
  for (;;) {
    if (at + 1 >= end) return INCOMPLETE;
    let byte = bytes[at]!;
    if (byte === CR) {
      if (bytes[at + 1] !== LF) return head.refuse(badStatus, 'A line ends in a bare carriage return.');
      at += 2;
      break;
    }
    const nameStart = at;
    while (tokenBytes[byte] === 1) {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    }
    const nameEnd = at;
    if (byte !== COLON || nameEnd === nameStart) {
      return head.refuse(badStatus, 'A header line is not "name: value".');
    }
    do {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    } while (byte === SPACE || byte === TAB);
    const valueStart = at;
    while (valueBytes[byte] === 1) {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    }
    if (byte !== CR) return head.refuse(badStatus, 'A header value holds a control character.');
    if (at + 1 >= end) return INCOMPLETE;
    if (bytes[at + 1] !== LF) return head.refuse(badStatus, 'A header value holds a bare carriage return.');
    const valueEnd = at;
    at += 2;
    if (++lines > MAX_FIELD_LINES) return head.refuse(request ? 431 : badStatus, 'Too many header lines.');
    const length = nameEnd - nameStart;
    const refused = request
      ? requestField(bytes, length, nameStart, valueStart, valueEnd, at, head)
      : commonField(bytes, length, nameStart, valueStart, valueEnd, at, head, badStatus);
    if (refused !== 0) return refused;
  }
  return finishFields(bytes, start, at, head, badStatus);
}

function finishFields(bytes: Uint8Array, start: number, end: number, head: Head, badStatus: number): number {
  if (head.chunked && head.contentLength !== -1) {
    return head.refuse(badStatus, 'Content-Length and Transfer-Encoding contradict each other.');
  }
  if (head.chunked && head.minor === 0) {
    return head.refuse(badStatus, 'HTTP/1.0 has no Transfer-Encoding.');
  }
  if (head.nominated !== null) {
    const fault = stripNominated(bytes, start, head);
    if (fault !== null) return head.refuse(badStatus, fault);
  }
  head.end = end;
  return end;
}

/** Fields that mean something in requests only. 0 where the field is in order. */
function requestField(
  bytes: Uint8Array,
  length: number,
  nameStart: number,
  valueStart: number,
  valueEnd: number,
  lineEnd: number,
  head: Head,
): number {
  switch (length) {
    case 4:
      if (spells(bytes, nameStart, HOST)) return hostField(bytes, valueStart, valueEnd, head);
      return 0;
    case 6:
      if (spells(bytes, nameStart, EXPECT)) return expectField(bytes, valueStart, valueEnd, head);
      return 0;
    case 15:
      if (spells(bytes, nameStart, FORWARDED_FOR)) {
        if (!head.addForwardedFor(valueStart, trimEnd(bytes, valueStart, valueEnd))) {
          return head.refuse(400, TOO_MANY_SPECIAL);
        }
        return leaveOut(head, nameStart, lineEnd, 400);
      }
      break;
    case 19:
      if (spells(bytes, nameStart, PROXY_AUTHORIZATION)) return leaveOut(head, nameStart, lineEnd, 400);
      break;
  }
  if (claimsOrigin(bytes, nameStart, length)) return leaveOut(head, nameStart, lineEnd, 400);
  return commonField(bytes, length, nameStart, valueStart, valueEnd, lineEnd, head, 400);
}

/** Fields of framing and of the connection, the same in requests and responses. */
function commonField(
  bytes: Uint8Array,
  length: number,
  nameStart: number,
  valueStart: number,
  valueEnd: number,
  lineEnd: number,
  head: Head,
  badStatus: number,
): number {
  switch (length) {
    case 2:
      if (!spells(bytes, nameStart, TE) || valueIs(bytes, valueStart, valueEnd, TRAILERS_VALUE)) return 0;
      return leaveOut(head, nameStart, lineEnd, badStatus);
    case 7:
      if (!spells(bytes, nameStart, UPGRADE)) return 0;
      return upgradeField(bytes, nameStart, valueStart, valueEnd, lineEnd, head, badStatus);
    case 10:
      if (spells(bytes, nameStart, CONNECTION)) {
        if (!connectionField(bytes, valueStart, trimEnd(bytes, valueStart, valueEnd), head)) {
          return head.refuse(badStatus, 'The Connection header is not a short list of tokens.');
        }
      } else if (!spells(bytes, nameStart, KEEP_ALIVE)) return 0;
      return leaveOut(head, nameStart, lineEnd, badStatus);
    case 14:
      if (!spells(bytes, nameStart, CONTENT_LENGTH)) return 0;
      return lengthField(bytes, valueStart, valueEnd, head, badStatus);
    case 16:
      if (!spells(bytes, nameStart, PROXY_CONNECTION)) return 0;
      return leaveOut(head, nameStart, lineEnd, badStatus);
    case 17:
      if (!spells(bytes, nameStart, TRANSFER_ENCODING)) return 0;
      return encodingField(bytes, valueStart, valueEnd, head, badStatus);
    default:
      return 0;
  }
}

function hostField(bytes: Uint8Array, valueStart: number, valueEnd: number, head: Head): number {
  if (head.hostSeen) return head.refuse(400, 'There is more than one Host header.');
  const end = trimEnd(bytes, valueStart, valueEnd);
  for (let at = valueStart; at < end; at++) {
    if (hostBytes[bytes[at]!] !== 1) return head.refuse(400, 'The Host header is not a host and port.');
  }
  head.hostSeen = true;
  head.hostStart = valueStart;
  head.hostEnd = end;
  return 0;
}

function expectField(bytes: Uint8Array, valueStart: number, valueEnd: number, head: Head): number {
  if (valueIs(bytes, valueStart, valueEnd, CONTINUE_VALUE)) return 0;
  return head.refuse(417, 'Only "Expect: 100-continue" is supported.');
}

function upgradeField(
  bytes: Uint8Array,
  nameStart: number,
  valueStart: number,
  valueEnd: number,
  lineEnd: number,
  head: Head,
  badStatus: number,
): number {
  if (head.upgradeEnd !== 0) return head.refuse(badStatus, 'There is more than one Upgrade header.');
  head.upgradeStart = nameStart;
  head.upgradeEnd = lineEnd;
  head.upgradeIsH2c = valueIs(bytes, valueStart, valueEnd, H2C_VALUE);
  return leaveOut(head, nameStart, lineEnd, badStatus);
}

function lengthField(
  bytes: Uint8Array,
  valueStart: number,
  valueEnd: number,
  head: Head,
  badStatus: number,
): number {
  if (head.contentLength !== -1)
    return head.refuse(badStatus, 'There is more than one Content-Length header.');
  head.contentLength = wholeNumber(bytes, valueStart, trimEnd(bytes, valueStart, valueEnd));
  return head.contentLength === -1 ? head.refuse(badStatus, 'Content-Length is not a whole number.') : 0;
}

function encodingField(
  bytes: Uint8Array,
  valueStart: number,
  valueEnd: number,
  head: Head,
  badStatus: number,
): number {
  if (head.chunked) return head.refuse(badStatus, 'There is more than one Transfer-Encoding header.');
  if (!valueIs(bytes, valueStart, valueEnd, CHUNKED_VALUE)) {
    return head.refuse(
      badStatus === 400 ? 501 : badStatus,
      'Only "Transfer-Encoding: chunked" is supported.',
    );
  }
  head.chunked = true;
  return 0;
}

function leaveOut(head: Head, lineStart: number, lineEnd: number, badStatus: number): number {
  return head.strip(lineStart, lineEnd) ? 0 : head.refuse(badStatus, TOO_MANY_SPECIAL);
}

function valueIs(bytes: Uint8Array, start: number, end: number, value: Uint8Array): boolean {
  const trimmed = trimEnd(bytes, start, end);
  return trimmed - start === value.length && spells(bytes, start, value);
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--;
  return at;
}

function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || end - start > MAX_LENGTH_DIGITS) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - DIGIT_0;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
