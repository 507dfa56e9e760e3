import { connectionField } from './connection-field.ts';
import { leaveOut, listHas, trimEnd, valueIs } from './field-lines.ts';
import { latin1, spells } from './head.ts';
import type { Head } from './head.ts';
import { DIGIT_0 } from './tables.ts';

const TE = latin1('te');
const UPGRADE = latin1('upgrade');
const CONNECTION = latin1('connection');
const KEEP_ALIVE = latin1('keep-alive');
const CONTENT_LENGTH = latin1('content-length');
const PROXY_CONNECTION = latin1('proxy-connection');
const TRANSFER_ENCODING = latin1('transfer-encoding');

const TRAILERS_VALUE = latin1('trailers');
const CHUNKED_VALUE = latin1('chunked');
const H2C_VALUE = latin1('h2c');

/** More digits than this could not be counted exactly. */
const MAX_LENGTH_DIGITS = 15;

/** Fields of framing and of the connection, the same in requests and responses. */
export function commonField(
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
  head.upgradeIsH2c = listHas(bytes, valueStart, valueEnd, H2C_VALUE);
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
